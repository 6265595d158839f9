package io.sensorium.it;

import io.sensorium.api.RequestContext;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs every default model twice on as much as it is planned for, and prints the ledger's figures:
 * the model, bytes planned and measured in all, bytes of activations planned and measured.
 */
final class MeasuredRuns {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int RUNS = 2;
  private static final int ITEMS = 32;
  private static final int LONGEST_TEXT = 128;
  private static final int CHUNK = 256;

  private MeasuredRuns() {}

  /** Arguments: the home, how many packages come with the host. */
  public static void main(String[] arguments) throws InterruptedException {
    SensoriumOptions options = SensoriumOptions.at(Path.of(arguments[0]));
    try (Sensorium host = Sensorium.start(options)) {
      List<ModelPackage> packages = host.models().packages();
      while (packages.size() < Integer.parseInt(arguments[1])) {
        TimeUnit.MILLISECONDS.sleep(50);
        packages = host.models().packages();
      }
      for (ModelPackage model : packages) {
        for (ModelGraph graph : model.graphs()) {
          System.out.println(line(model.manifest().id(), figures(host, graph)));
        }
      }
    }
  }

  private static MemoryHolding figures(Sensorium host, ModelGraph graph) {
    boolean generates = graph.model().manifest().task().equals(ModelManifest.GENERATION);
    try (SessionLease lease =
        host.service(InferenceRuntime.class).lease(graph, RequestContext.within(LIMIT))) {
      Map<String, Tensor> inputs =
          lease.inputs().stream()
              .collect(
                  Collectors.toMap(
                      TensorSpec::name,
                      spec -> generates ? full(spec, 1, CHUNK) : full(spec, ITEMS, LONGEST_TEXT)));
      for (int run = 0; run < RUNS; run++) {
        lease.run(inputs, RequestContext.within(LIMIT));
      }
      return host.service(MemoryLedger.class).report().devices().getFirst().holdings().stream()
          .filter(holding -> holding.owner().equals(graph.toString()))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Zeros, or ones where they are tokens. */
  private static Tensor full(TensorSpec spec, int items, int tokens) {
    Shape shape = spec.shape().with(0, items);
    for (int axis = 1; axis < shape.rank(); axis++) {
      if (shape.dimension(axis) == Shape.DYNAMIC) {
        shape = shape.with(axis, tokens);
      }
    }
    Tensor tensor = Tensor.allocate(spec.type(), shape);
    if (spec.type() == ElementType.INT64) {
      for (int i = 0; i < shape.elements(); i++) {
        tensor.asLongs().put(i, 1);
      }
    }
    return tensor;
  }

  private static String line(String model, MemoryHolding holding) {
    MemoryAmounts planned = holding.planned();
    MemoryAmounts measured = holding.measured();
    return "%s %d %d %d %d"
        .formatted(
            model,
            planned.total(),
            measured.total(),
            planned.of(MemoryKind.ACTIVATIONS),
            measured.of(MemoryKind.ACTIVATIONS));
  }
}
