package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.Modality;
import io.sensorium.api.tensor.TensorSpec;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** An ONNX graph made from a checkpoint, and what is to be known of it. Immutable. */
public final class AuthoredGraph {
  private static final Set<String> QUANTISED =
      Set.of("DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul", "QuantizeLinear");

  private final String name;
  private final OnnxMl.ModelProto model;
  private final Draft.Tower tower;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final SortedSet<String> weightFiles;

  AuthoredGraph(String name, GraphBuilder graph, Draft.Tower tower) {
    this.name = name;
    this.model = graph.build();
    this.tower = tower;
    this.inputs = List.copyOf(graph.inputs());
    this.outputs = List.copyOf(graph.outputs());
    this.weightFiles = Collections.unmodifiableSortedSet(new TreeSet<>(graph.weightFiles()));
  }

  /** The tower's name, unique in its model, for instance {@code vision}. */
  public String name() {
    return name;
  }

  /**
   * What the graph reads as an encoder, whose first output is the embedding {@code [n, dimension]};
   * empty if it embeds nothing.
   */
  public Optional<Modality> modality() {
    return tower.modality();
  }

  /** How items become inputs unless the checkpoint's processor says otherwise. */
  public Map<String, Object> preprocessing() {
    return tower.preprocessing();
  }

  /** Zero-shot settings that follow from the checkpoint's weights. */
  public Map<String, Object> calibration() {
    return tower.calibration();
  }

  /**
   * Answers whether the graph computes in integers, whose rounding and saturation differ between
   * processors.
   */
  public boolean isQuantised() {
    return model.getGraph().getNodeList().stream()
        .anyMatch(node -> QUANTISED.contains(node.getOpType()));
  }

  public List<TensorSpec> inputs() {
    return inputs;
  }

  public List<TensorSpec> outputs() {
    return outputs;
  }

  /**
   * The files of weights that the graph refers to, relative to the checkpoint's folder. They must
   * lie at the same paths relative to the graph.
   */
  public SortedSet<String> weightFiles() {
    return weightFiles;
  }

  /**
   * Writes the ONNX file.
   *
   * @throws IOException if it cannot be written
   */
  public void writeTo(Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      model.writeTo(out);
    }
  }
}
