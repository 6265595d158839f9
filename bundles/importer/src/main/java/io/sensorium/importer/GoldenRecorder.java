package io.sensorium.importer;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Records what a package computes from seeded random inputs. Thread-safe. */
final class GoldenRecorder {
  static final String FILE_NAME = "golden.safetensors";

  /** Fewer tokens than any vocabulary has. */
  static final int LEAST_VOCABULARY = 100;

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long SEED = 20261120;
  private static final long ROWS = 2;
  private static final long SEQUENCE = 7;

  private final InferenceRuntime runtime;

  GoldenRecorder(InferenceRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Runs every graph once and writes {@code golden.safetensors} into its folder.
   *
   * @param vocabulary how many token ids there are
   */
  void record(ModelPackage model, int vocabulary) {
    Map<String, Tensor> golden = new TreeMap<>();
    for (ModelGraph graph : model.graphs()) {
      record(graph, vocabulary, golden);
    }
    Path file = model.folder().resolve(FILE_NAME);
    SafetensorsWriter.writeTensors(file, golden, Map.of("seed", Long.toString(SEED)));
  }

  /** Graphs that share an input's name share the input as well. */
  private void record(ModelGraph graph, int vocabulary, Map<String, Tensor> golden) {
    Map<String, Tensor> inputs = new TreeMap<>();
    for (TensorSpec input : graph.manifest().inputs()) {
      inputs.put(
          input.name(),
          golden.computeIfAbsent("input." + input.name(), key -> random(input, vocabulary)));
    }
    RequestContext context = RequestContext.within(PATIENCE);
    try (SessionLease lease = runtime.lease(graph, context)) {
      lease.run(inputs, context).forEach((name, tensor) -> golden.put("output." + name, tensor));
    } finally {
      runtime.retire(graph, context);
    }
  }

  private static Tensor random(TensorSpec input, int vocabulary) {
    Random random = new Random(SEED + input.name().hashCode());
    Tensor tensor = Tensor.allocate(input.type(), known(input.shape()));
    if (input.type() == ElementType.FLOAT32) {
      FloatBuffer values = tensor.asFloats();
      while (values.hasRemaining()) {
        values.put((float) random.nextGaussian());
      }
    } else if (input.type() == ElementType.INT64 && input.name().equals("attention_mask")) {
      LongBuffer values = tensor.asLongs();
      while (values.hasRemaining()) {
        values.put(1);
      }
    } else if (input.type() == ElementType.INT64 && input.name().equals("input_ids")) {
      LongBuffer values = tensor.asLongs();
      while (values.hasRemaining()) {
        values.put(random.nextInt(vocabulary));
      }
    }
    return tensor;
  }

  private static Shape known(Shape shape) {
    Shape known = shape;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dimension(axis) == Shape.DYNAMIC) {
        known = known.with(axis, axis == 0 ? ROWS : SEQUENCE);
      }
    }
    return known;
  }
}
