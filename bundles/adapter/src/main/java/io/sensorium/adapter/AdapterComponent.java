package io.sensorium.adapter;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.adapter.MediaAdapter;
import io.sensorium.api.adapter.MediaProjector;
import io.sensorium.api.adapter.Projection;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.FeatureService;
import io.sensorium.api.space.Features;
import io.sensorium.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows adapters' packages as they come and go, and applies them. A session stays open after its
 * first use until the memory is wanted by others.
 */
@Component
public final class AdapterComponent implements MediaProjector {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterComponent.class);

  /** An adapter that is replaced between choice and run has a successor. */
  private static final int ATTEMPTS = 3;

  private final InferenceRuntime runtime;
  private final FeatureService features;
  private final AdapterRegistry registry = new AdapterRegistry();

  /** Begins without adapters; they are bound afterwards. */
  @Activate
  public AdapterComponent(@Reference InferenceRuntime runtime, @Reference FeatureService features) {
    this.runtime = runtime;
    this.features = features;
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removePackage")
  void addPackage(ModelPackage model, Map<String, Object> properties) {
    if (!model.manifest().task().equals(ModelManifest.PROJECTION)) {
      return;
    }
    try {
      registry.add(ServedAdapter.of(model, properties));
    } catch (ModelLoadException e) {
      LOG.error("an adapter is ignored: {}", e.getMessage());
    }
  }

  void removePackage(ModelPackage model, Map<String, Object> properties) {
    registry.remove((Long) properties.get(Constants.SERVICE_ID));
  }

  @Override
  public List<MediaAdapter> adapters() {
    return registry.adapters();
  }

  @Override
  public Projection project(
      List<EncodeRequest> items,
      String languageModel,
      Optional<String> adapter,
      RequestContext context) {
    for (int attempt = 1; ; attempt++) {
      List<ServedAdapter> chosen =
          items.stream().map(item -> registry.choose(item, languageModel, adapter)).toList();
      try {
        return project(items, chosen, context);
      } catch (ServiceGoneException e) {
        if (attempt == ATTEMPTS || chosen.stream().allMatch(registry::isServing)) {
          throw e;
        }
      }
    }
  }

  private Projection project(
      List<EncodeRequest> items, List<ServedAdapter> chosen, RequestContext context) {
    List<PromptPart.Media> rows = new ArrayList<>();
    Map<ServedAdapter, List<Map<String, Tensor>>> adding = new LinkedHashMap<>();
    for (int index = 0; index < items.size(); index++) {
      ServedAdapter served = chosen.get(index);
      EncodeRequest request = items.get(index).in(served.adapter().space().name());
      Features found = features.features(request, served.tokenOutput(), context);
      Map<String, Tensor> inputs = served.inputs(found);
      if (served.addsToLayers()) {
        adding.computeIfAbsent(served, none -> new ArrayList<>()).add(inputs);
      } else {
        Tensor one = run(served, inputs, context);
        rows.add(new PromptPart.Media(served.adapter().modality().name(), one));
      }
    }
    return new Projection(rows, additions(adding, context));
  }

  private Optional<Tensor> additions(
      Map<ServedAdapter, List<Map<String, Tensor>>> adding, RequestContext context) {
    WeightedMean added = new WeightedMean("what adapters of one question add to layers");
    adding.forEach(
        (served, items) -> {
          Map<String, Tensor> mean = new LinkedHashMap<>();
          for (String name : items.getFirst().keySet()) {
            WeightedMean shared = new WeightedMean(name);
            items.forEach(inputs -> shared.add(inputs.get(name), 1));
            mean.put(name, shared.result().orElseThrow());
          }
          added.add(run(served, mean, context), items.size());
        });
    return added.result();
  }

  private Tensor run(ServedAdapter served, Map<String, Tensor> inputs, RequestContext context) {
    try (SessionLease lease = runtime.lease(served.graph(), context)) {
      return served.projected(lease.run(inputs, context));
    }
  }
}
