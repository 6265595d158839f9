package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.Modality;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.StoredTensor;
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
      Set.of(
          "DynamicQuantizeLinear",
          "MatMulInteger",
          "MatMulNBits",
          "QLinearMatMul",
          "QuantizeLinear");

  private final String name;
  private final OnnxMl.ModelProto authored;
  private final OnnxMl.ModelProto model;
  private final Draft.Tower tower;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final SortedSet<String> weightFiles;
  private final Map<String, StoredTensor> weights;
  private final Map<String, Value> values;
  private final boolean exported;

  AuthoredGraph(String name, GraphBuilder graph, Draft.Tower tower) {
    this.name = name;
    this.authored = graph.build();
    this.model = authored;
    this.tower = tower;
    this.inputs = List.copyOf(graph.inputs());
    this.outputs = List.copyOf(graph.outputs());
    this.weightFiles = Collections.unmodifiableSortedSet(new TreeSet<>(graph.weightFiles()));
    this.weights = Map.copyOf(graph.storedWeights());
    this.values = Map.copyOf(graph.values());
    this.exported = graph.isExported();
  }

  /** The same graph with its weights in another file. */
  private AuthoredGraph(AuthoredGraph original, OnnxMl.ModelProto model) {
    this.name = original.name;
    this.authored = original.authored;
    this.model = model;
    this.tower = original.tower;
    this.inputs = original.inputs;
    this.outputs = original.outputs;
    this.weightFiles = Collections.emptySortedSet();
    this.weights = original.weights;
    this.values = original.values;
    this.exported = original.exported;
  }

  AuthoredGraph withConverted(OnnxMl.ModelProto converted) {
    return new AuthoredGraph(this, converted);
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

  /** Answers whether the graph continues a text token by token. */
  boolean isDecoder() {
    return outputs.stream().anyMatch(output -> output.name().equals("logits"));
  }

  /** The graph as the family wrote it, whatever its weights were converted to. */
  OnnxMl.ModelProto authored() {
    return authored;
  }

  /** The checkpoint's tensors that the graph reads, by their initializers' names. */
  Map<String, StoredTensor> weights() {
    return weights;
  }

  /** Every input and every node's output as it was authored, by name. */
  Map<String, Value> values() {
    return values;
  }

  /** Answers whether somebody else wrote most of the graph. */
  boolean isExported() {
    return exported;
  }

  /**
   * The files of weights that the graph refers to, relative to the checkpoint's folder. They must
   * lie at the same paths relative to the graph. None if the weights were converted.
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
