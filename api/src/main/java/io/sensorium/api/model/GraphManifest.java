package io.sensorium.api.model;

import io.sensorium.api.Modality;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code model.json} says of one graph of a package. Immutable.
 *
 * @param name unique in the package, for instance {@code vision} or {@code text}; {@code
 *     [a-z0-9][a-z0-9-]*}
 * @param modality what the graph reads as an encoder; its first output is then the embedding {@code
 *     float32[n, dimension]}. Empty if it is none
 * @param runtime what runs the graph: {@link #ONNX}, or the name under which a bundle registered a
 *     {@link io.sensorium.api.runtime.GraphEngine}
 * @param file the path of the graph's file in the package, an ONNX file or what its runtime reads
 * @param inputs the graph's inputs
 * @param outputs the graph's outputs
 * @param preprocessing how an item becomes inputs, in the words of the checkpoint's processor
 * @param memory what it takes; empty if the package does not say
 */
public record GraphManifest(
    String name,
    Optional<Modality> modality,
    String runtime,
    String file,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    Settings preprocessing,
    Optional<GraphMemory> memory) {
  /** The runtime that every host has. */
  public static final String ONNX = "onnx";

  public GraphManifest {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException(
          "a graph's name must match [a-z0-9][a-z0-9-]{0,63}; got '%s'".formatted(name));
    }
    if (!runtime.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException(
          "a runtime's name must match [a-z0-9][a-z0-9-]{0,63}; got '%s'".formatted(runtime));
    }
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(preprocessing, "preprocessing");
    Objects.requireNonNull(memory, "memory");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (modality.isPresent() && outputs.isEmpty()) {
      throw new IllegalArgumentException("the encoder graph '%s' needs an output".formatted(name));
    }
  }

  /** A graph in an ONNX file. */
  public GraphManifest(
      String name,
      Optional<Modality> modality,
      String file,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      Settings preprocessing) {
    this(name, modality, ONNX, file, inputs, outputs, preprocessing);
  }

  /** A graph that does not say what memory it takes. */
  public GraphManifest(
      String name,
      Optional<Modality> modality,
      String runtime,
      String file,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      Settings preprocessing) {
    this(name, modality, runtime, file, inputs, outputs, preprocessing, Optional.empty());
  }

  /** The same graph, saying what memory it takes. */
  public GraphManifest with(GraphMemory taken) {
    return new GraphManifest(
        name, modality, runtime, file, inputs, outputs, preprocessing, Optional.of(taken));
  }

  /** Answers whether the graph turns items of a modality into embeddings. */
  public boolean isEncoder() {
    return modality.isPresent();
  }
}
