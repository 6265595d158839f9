package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.FeatureService;
import io.sensorium.api.space.Features;
import io.sensorium.api.space.ZeroShotClassifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the engine into the framework: follows encoders and packages as they come and go. */
@Component(
    immediate = true,
    configurationPid = "io.sensorium.space",
    service = {EmbeddingService.class, FeatureService.class, ZeroShotClassifier.class})
@Designate(ocd = SpaceConfiguration.class)
public final class SpaceComponent implements EmbeddingService, FeatureService, ZeroShotClassifier {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceComponent.class);
  private static final String DEFAULT_SPACE = "world";

  private final LifecycleListeners listeners =
      new LifecycleListeners(
          (event, failure) ->
              LOG.warn("a listener failed on {} of {}", event.step(), event.plugIn(), failure));
  private final Bundle framework;
  private final EmbeddingEngine engine;
  private final ZeroShotClassifier classifier;

  /** Starts an engine without encoders; they are bound afterwards. */
  @Activate
  public SpaceComponent(
      BundleContext bundle,
      SpaceConfiguration configuration,
      @Reference InferenceRuntime runtime,
      @Reference MemoryLedger ledger,
      @Reference MediaDecoder decoder) {
    framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_ID);
    String space = bundle.getProperty("sensorium.space");
    engine =
        new EmbeddingEngine(
            runtime,
            ledger,
            decoder,
            settings(configuration),
            space == null || space.isBlank() ? DEFAULT_SPACE : space,
            listeners);
    classifier = new PromptClassifier(engine);
  }

  private static EngineSettings settings(SpaceConfiguration configuration) {
    int preparers = configuration.preparers();
    return new EngineSettings(
        configuration.maxBatch(),
        Duration.ofNanos(configuration.maxDelayMicros() * 1_000),
        configuration.queueItems(),
        configuration.queueBytes(),
        preparers == 0 ? Runtime.getRuntime().availableProcessors() : preparers,
        Duration.ofMillis(configuration.drainMillis()),
        Duration.ofMillis(configuration.openMillis()),
        Duration.ofMillis(configuration.swapGraceMillis()));
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeEncoder")
  void addEncoder(ModalityEncoder encoder, ServiceReference<ModalityEncoder> reference) {
    Bundle bundle = reference.getBundle();
    if (bundle == null) {
      return; // It is gone already.
    }
    try {
      Map<String, Object> properties = FrameworkUtil.asMap(reference.getProperties());
      engine.registry().add(EncoderEntry.of(encoder, properties, ModelKey.carriedBy(bundle)));
    } catch (IllegalArgumentException e) {
      LOG.error("an encoder is ignored: {}", e.getMessage());
    }
  }

  void removeEncoder(ModalityEncoder encoder, Map<String, Object> properties) {
    registryToLeave().removeEncoder(EncoderEntry.idOf(properties));
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeEngine")
  void addEngine(GraphEngine graphs, Map<String, Object> properties) {
    if (properties.get(GraphEngine.RUNTIME) instanceof String runtime) {
      engine.registry().addRuntime(EncoderEntry.idOf(properties), runtime);
    }
  }

  void removeEngine(GraphEngine graphs, Map<String, Object> properties) {
    registryToLeave().removeRuntime(EncoderEntry.idOf(properties));
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeListener")
  void addListener(LifecycleListener listener) {
    listeners.add(listener);
  }

  void removeListener(LifecycleListener listener) {
    listeners.remove(listener);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removePackage")
  void addPackage(ModelPackage model, Map<String, Object> properties) {
    if (model.manifest().task().equals(ModelManifest.EMBEDDING)) {
      engine.registry().add(GraphEntry.of(model, properties));
    }
  }

  void removePackage(ModelPackage model, Map<String, Object> properties) {
    registryToLeave().removePackage(EncoderEntry.idOf(properties));
  }

  /** When the whole host stops, nobody need step in for who leaves. */
  private EncoderRegistry registryToLeave() {
    if (framework.getState() == Bundle.STOPPING) {
      engine.registry().endHandingOver();
    }
    return engine.registry();
  }

  @Deactivate
  void stop() {
    engine.close();
  }

  @Override
  public CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context) {
    return engine.embedAsync(request, context);
  }

  @Override
  public Embedding embed(EncodeRequest request, RequestContext context) {
    return engine.embed(request, context);
  }

  @Override
  public Features features(
      EncodeRequest request, Optional<String> tokenOutput, RequestContext context) {
    return engine.features(request, tokenOutput, context);
  }

  @Override
  public Optional<Modality> modalityOf(MediaInput input) {
    return engine.modalityOf(input);
  }

  @Override
  public List<EncoderStatus> encoders() {
    return engine.encoders();
  }

  @Override
  public List<LabelProbability> classify(
      EncodeRequest item, List<String> labels, RequestContext context) {
    return classifier.classify(item, labels, context);
  }
}
