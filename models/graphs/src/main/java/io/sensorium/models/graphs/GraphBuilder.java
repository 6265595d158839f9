package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.StoredTensor;
import io.sensorium.models.checkpoints.TensorInfo;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Puts an ONNX model together. One thread at a time.
 *
 * <p>Weights keep their published names and stay where they are, as external data. Nodes are named
 * after the layer they belong to.
 */
final class GraphBuilder {
  /** The domain of ONNX Runtime's own operators. */
  static final String MICROSOFT = "com.microsoft";

  /** The newest operator set that has Attention and that ONNX Runtime 1.29 runs everywhere. */
  static final int OPERATOR_SET = 23;

  private static final int INTERMEDIATE_REPRESENTATION = 10;
  private static final String PRODUCER = "sensorium";

  private final OnnxMl.ModelProto.Builder model;
  private final OnnxMl.GraphProto.Builder graph;
  private final int operatorSet;
  private final Set<String> names = new HashSet<>();
  private final Map<String, Value> initializers = new HashMap<>();
  private final Map<String, StoredTensor> storedWeights = new LinkedHashMap<>();
  private final Map<String, Value> values = new HashMap<>();
  private final boolean exported;
  private final SortedSet<String> weightFiles = new TreeSet<>();
  private final List<TensorSpec> inputs = new ArrayList<>();
  private final List<TensorSpec> outputs = new ArrayList<>();

  /** Starts an empty graph. */
  GraphBuilder(String name) {
    this(
        OnnxMl.ModelProto.newBuilder()
            .setIrVersion(INTERMEDIATE_REPRESENTATION)
            .setProducerName(PRODUCER)
            .addOpsetImport(operators("", OPERATOR_SET))
            .addOpsetImport(operators(MICROSOFT, 1))
            .setGraph(OnnxMl.GraphProto.newBuilder().setName(name)),
        OPERATOR_SET);
  }

  /**
   * Goes on with a graph that exists; its outputs become inner values.
   *
   * @param model changed from here on
   * @param operatorSet the version of ai.onnx's operators that it imports
   */
  GraphBuilder(OnnxMl.ModelProto.Builder model, int operatorSet) {
    this.model = model;
    this.graph = model.getGraphBuilder();
    this.operatorSet = operatorSet;
    this.exported = graph.getNodeCount() > 0;
    graph.clearOutput();
    graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    graph.getNodeList().forEach(node -> names.add(node.getName()));
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    boolean hasMicrosoft =
        model.getOpsetImportList().stream().anyMatch(set -> set.getDomain().equals(MICROSOFT));
    if (!hasMicrosoft) {
      model.addOpsetImport(operators(MICROSOFT, 1));
    }
  }

  /** The version of ai.onnx's operators. */
  int operatorSet() {
    return operatorSet;
  }

  /** Declares an input; its dynamic axes are called batch, then sequence. */
  Value input(String name, ElementType type, long... dimensions) {
    return input(name, "sequence", type, dimensions);
  }

  /**
   * As above.
   *
   * @param length what dynamic axes but the first are called: axes of one name have one size
   */
  Value input(String name, String length, ElementType type, long... dimensions) {
    Value value = new Value(unique(name), type, Shape.of(dimensions));
    graph.addInput(valueInfo(value, length));
    values.put(value.name(), value);
    inputs.add(new TensorSpec(name, type, value.shape()));
    return value;
  }

  /**
   * Declares an input that may be left out: ONNX's initializer that a caller may override. It is
   * not among {@link #inputs()}.
   *
   * @param otherwise what it is if it is left out; copied
   * @param dimensions of the input, which may be dynamic where the default is not
   */
  Value optionalInput(String name, Tensor otherwise, long... dimensions) {
    return optionalInput(name, name + "_rows", otherwise, dimensions);
  }

  /**
   * As above.
   *
   * @param rows what the first axis is called if it is dynamic: axes of one name have one size
   */
  Value optionalInput(String name, String rows, Tensor otherwise, long... dimensions) {
    Value value = new Value(unique(name), otherwise.type(), Shape.of(dimensions));
    graph.addInput(valueInfo(value, rows, name + "_length"));
    Value stored = new Value(value.name(), otherwise.type(), otherwise.shape());
    byte[] bytes = otherwise.data().toArray(ValueLayout.JAVA_BYTE);
    graph.addInitializer(tensor(stored).setRawData(ByteString.copyFrom(bytes)));
    values.put(value.name(), value);
    return value;
  }

  /** Declares as an output what a node computes. */
  void output(String name, Value value) {
    Value output = node("Identity").in(value).as(name, value.type(), value.shape());
    graph.addOutput(valueInfo(output, "sequence"));
    outputs.add(new TensorSpec(name, value.type(), value.shape()));
  }

  /** Declares as an output what an existing graph computes under its own name. */
  void keepOutput(Value value) {
    keepOutput(value, "sequence");
  }

  /**
   * As above.
   *
   * @param length what dynamic axes but the first are called
   */
  void keepOutput(Value value, String length) {
    graph.addOutput(valueInfo(value, length));
    outputs.add(new TensorSpec(value.name(), value.type(), value.shape()));
  }

  /** Records that an existing graph reads this input. */
  void declareInput(TensorSpec input) {
    inputs.add(input);
  }

  /** Records that an existing graph reads this file of weights. */
  void declareWeightFile(String path) {
    weightFiles.add(path);
  }

  /** A weight, referred to where it is. */
  Value weight(String name, StoredTensor stored) {
    return initializers.computeIfAbsent(name, key -> addWeight(key, stored));
  }

  private Value addWeight(String name, StoredTensor stored) {
    Value value = new Value(unique(name), stored.info().type(), stored.info().shape());
    weightFiles.add(stored.file());
    storedWeights.put(value.name(), stored);
    graph.addInitializer(external(value, stored.file(), stored.info()));
    return value;
  }

  /** An initializer whose values lie in a file. */
  static OnnxMl.TensorProto external(Value value, String file, TensorInfo info) {
    return tensor(value)
        .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", file))
        .addExternalData(entry("offset", Long.toString(info.offset())))
        .addExternalData(entry("length", Long.toString(info.length())))
        .build();
  }

  /** A list of integers, as operators take shapes and axes. */
  Value integers(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(bytes::putLong);
    return constant(
        "integers" + Arrays.toString(values),
        ElementType.INT64,
        Shape.of(values.length),
        bytes.array());
  }

  /** An integer constant of rank 0. */
  Value scalar(long value) {
    byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return constant("integer " + value, ElementType.INT64, Shape.of(), bytes);
  }

  /** A float constant of rank 0. */
  Value scalar(float value) {
    byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    return constant("float " + value, ElementType.FLOAT32, Shape.of(), bytes);
  }

  /**
   * A table that was computed from weights, kept inside the graph's file; what is large belongs
   * into a file of weights.
   *
   * @param name unique in the graph, or that of an equal table
   * @param tensor copied
   */
  Value constant(String name, Tensor tensor) {
    byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    return constant(name, tensor.type(), tensor.shape(), bytes);
  }

  private Value constant(String name, ElementType type, Shape shape, byte[] bytes) {
    return initializers.computeIfAbsent(
        name,
        key -> {
          Value value = new Value(unique(key), type, shape);
          graph.addInitializer(tensor(value).setRawData(ByteString.copyFrom(bytes)));
          return value;
        });
  }

  /** Starts a node of an ai.onnx operator. */
  NodeBuilder node(String operator) {
    return node("", operator);
  }

  /** Starts a node. */
  NodeBuilder node(String domain, String operator) {
    return new NodeBuilder(
        this, OnnxMl.NodeProto.newBuilder().setDomain(domain).setOpType(operator));
  }

  void add(OnnxMl.NodeProto.Builder node, Value output) {
    graph.addNode(node);
    know(output);
  }

  /** Remembers what a node computes besides its first output. */
  void know(Value output) {
    values.put(output.name(), output);
  }

  /** The name itself, or the name with a number if it is taken. */
  String unique(String name) {
    String candidate = name;
    for (int i = 2; !names.add(candidate); i++) {
      candidate = name + "#" + i;
    }
    return candidate;
  }

  List<TensorSpec> inputs() {
    return inputs;
  }

  List<TensorSpec> outputs() {
    return outputs;
  }

  SortedSet<String> weightFiles() {
    return weightFiles;
  }

  /** The checkpoint's tensors among the initializers, by the initializers' names. */
  Map<String, StoredTensor> storedWeights() {
    return storedWeights;
  }

  /** Every input and every node's output, by name. */
  Map<String, Value> values() {
    return values;
  }

  /** Answers whether this began as somebody else's graph. */
  boolean isExported() {
    return exported;
  }

  OnnxMl.ModelProto build() {
    return model.build();
  }

  private static OnnxMl.OperatorSetIdProto operators(String domain, int version) {
    return OnnxMl.OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  private static OnnxMl.StringStringEntryProto entry(String key, String value) {
    return OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  static OnnxMl.TensorProto.Builder tensor(Value value) {
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(value.name())
            .setDataType(OnnxTypes.code(value.type()));
    for (int axis = 0; axis < value.shape().rank(); axis++) {
      tensor.addDims(value.shape().dimension(axis));
    }
    return tensor;
  }

  private static OnnxMl.ValueInfoProto valueInfo(Value value, String length) {
    return valueInfo(value, "batch", length);
  }

  private static OnnxMl.ValueInfoProto valueInfo(Value value, String rows, String length) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    for (int axis = 0; axis < value.shape().rank(); axis++) {
      long dimension = value.shape().dimension(axis);
      var entry = OnnxMl.TensorShapeProto.Dimension.newBuilder();
      if (dimension == Shape.DYNAMIC) {
        entry.setDimParam(axis == 0 ? rows : length);
      } else {
        entry.setDimValue(dimension);
      }
      shape.addDim(entry);
    }
    var tensor =
        OnnxMl.TypeProto.Tensor.newBuilder()
            .setElemType(OnnxTypes.code(value.type()))
            .setShape(shape);
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(value.name())
        .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
