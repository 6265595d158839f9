package io.sensorium.language;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts text generation into the framework: follows packages and backends as they come and go. */
@Component(
    immediate = true,
    configurationPid = "io.sensorium.language",
    service = TextGenerator.class)
@Designate(ocd = LanguageConfiguration.class)
public final class LanguageComponent implements TextGenerator {
  private static final Logger LOG = LoggerFactory.getLogger(LanguageComponent.class);

  private final Generator generator;

  /** Starts without models; they are bound afterwards. */
  @Activate
  public LanguageComponent(LanguageConfiguration configuration) {
    generator = new Generator(GeneratorSettings.of(configuration));
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeBackend")
  void addBackend(LanguageBackend backend) {
    generator.add(backend);
  }

  void removeBackend(LanguageBackend backend) {
    generator.remove(backend);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removePackage")
  void addPackage(ModelPackage model, Map<String, Object> properties) {
    if (model.manifest().task().equals(ModelManifest.GENERATION)) {
      generator.add(model, serviceId(properties));
    } else if (model.manifest().task().equals(ModelManifest.LORA)) {
      try {
        generator.addAdapter(model, serviceId(properties));
      } catch (ModelLoadException e) {
        LOG.error("an adapter is ignored: {}", e.getMessage());
      }
    }
  }

  void removePackage(ModelPackage model, Map<String, Object> properties) {
    if (model.manifest().task().equals(ModelManifest.LORA)) {
      generator.removeAdapter(serviceId(properties));
    } else {
      generator.remove(serviceId(properties));
    }
  }

  private static long serviceId(Map<String, Object> properties) {
    return ((Number) properties.get(Constants.SERVICE_ID)).longValue();
  }

  @Deactivate
  void stop() {
    generator.close();
  }

  @Override
  public CompletableFuture<Generation> generateAsync(
      GenerationRequest request, Consumer<String> listener, RequestContext context) {
    return generator.generateAsync(request, listener, context);
  }

  @Override
  public Generation generate(
      GenerationRequest request, Consumer<String> listener, RequestContext context) {
    return generator.generate(request, listener, context);
  }

  @Override
  public List<LanguageModelStatus> models() {
    return generator.models();
  }
}
