package io.sensorium.host.bench;

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
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far the plans of models lie from what they take: the default models, and CLIP ViT-B/32 with
 * random weights, each run twice on a full batch of the longest items, a language model on a chunk
 * of a prompt.
 */
final class MemoryBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int ITEMS = 32;
  private static final int RUNS = 2;
  private static final int LONGEST_TEXT = 128;
  private static final int CHUNK = 256;

  private final Sensorium sensorium;
  private final Path work;

  /**
   * @param work a folder that does not exist yet
   */
  MemoryBenchmark(Sensorium sensorium, Path work) {
    this.sensorium = sensorium;
    this.work = work;
  }

  Map<String, Object> run() throws IOException {
    Path checkpoint = RandomClip.writeTo(work.resolve("checkpoint"));
    LocalOperations operations = new LocalOperations(sensorium);
    operations.importModel(
        ImportArguments.of(checkpoint.toString(), "vit-b32-random"), Call.within(LIMIT));
    List<Map<String, Object>> models = new ArrayList<>();
    for (ModelPackage model : sensorium.models().packages()) {
      for (ModelGraph graph : model.graphs()) {
        models.add(measure(graph));
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("items", ITEMS);
    figures.put("models", models);
    figures.put(
        "process", operations.memory(MemoryArguments.NOTHING_NEW, Call.within(LIMIT)).process());
    return figures;
  }

  private Map<String, Object> measure(ModelGraph graph) {
    MemoryLedger ledger = sensorium.service(MemoryLedger.class);
    try (SessionLease lease =
        sensorium.service(InferenceRuntime.class).lease(graph, RequestContext.within(LIMIT))) {
      boolean generates = graph.model().manifest().task().equals(ModelManifest.GENERATION);
      Map<String, Tensor> inputs =
          generates
              ? inputs(lease.inputs(), 1, CHUNK)
              : inputs(lease.inputs(), ITEMS, LONGEST_TEXT);
      for (int run = 0; run < RUNS; run++) {
        lease.run(inputs, RequestContext.within(LIMIT));
      }
      MemoryHolding holding =
          ledger.report().devices().stream()
              .flatMap(device -> device.holdings().stream())
              .filter(each -> each.owner().equals(graph.toString()))
              .findFirst()
              .orElseThrow();
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("model", graph.toString());
      figures.put("planned", bytes(holding.planned()));
      figures.put("measured", bytes(holding.measured()));
      figures.put("reserved", bytes(holding.reserved()));
      figures.put("plannedToMeasured", ratio(holding));
      return figures;
    }
  }

  private static Map<String, Long> bytes(MemoryAmounts amounts) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put("weightBytes", amounts.of(MemoryKind.WEIGHTS));
    bytes.put("activationBytes", amounts.of(MemoryKind.ACTIVATIONS));
    bytes.put("bytes", amounts.total());
    return bytes;
  }

  private static double ratio(MemoryHolding holding) {
    return (double) holding.planned().total() / Math.max(1, holding.measured().total());
  }

  /** A full batch of zeros, of ones where they are numbers of tokens. */
  private static Map<String, Tensor> inputs(List<TensorSpec> specs, int items, int tokens) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
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
      inputs.put(spec.name(), tensor);
    }
    return inputs;
  }
}
