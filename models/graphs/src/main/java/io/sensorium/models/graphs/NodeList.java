package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds nodes and small constants to a graph that is being rewritten, each named after its one
 * output. One thread at a time.
 */
final class NodeList {
  private final OnnxMl.GraphProto.Builder graph;
  private final Set<String> constants = new HashSet<>();

  NodeList(OnnxMl.GraphProto.Builder graph) {
    this.graph = graph;
  }

  String add(String domain, String operator, String output, String... inputs) {
    return add(domain, operator, Map.of(), output, inputs);
  }

  /** Adds a node with attributes that are integers. */
  String add(
      String domain,
      String operator,
      Map<String, Long> attributes,
      String output,
      String... inputs) {
    OnnxMl.NodeProto.Builder node = node(operator, output, inputs).setDomain(domain);
    attributes.forEach((name, value) -> node.addAttribute(integer(name, value)));
    graph.addNode(node);
    return output;
  }

  /** Adds a node of ai.onnx with one attribute. */
  String add(String operator, OnnxMl.AttributeProto attribute, String output, String... inputs) {
    graph.addNode(node(operator, output, inputs).addAttribute(attribute));
    return output;
  }

  private static OnnxMl.NodeProto.Builder node(String operator, String output, String... inputs) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addOutput(output)
        .addAllInput(Arrays.asList(inputs));
  }

  /** Cuts the last axis into pieces of these widths. */
  void split(String input, List<String> outputs, List<Long> widths) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * widths.size()).order(ByteOrder.LITTLE_ENDIAN);
    widths.forEach(bytes::putLong);
    String sizes =
        constant("split " + widths, ElementType.INT64, Shape.of(widths.size()), bytes.array());
    graph.addNode(
        OnnxMl.NodeProto.newBuilder()
            .setOpType("Split")
            .setName(input + "/split")
            .addInput(input)
            .addInput(sizes)
            .addAllOutput(outputs)
            .addAttribute(integer("axis", -1)));
  }

  private static OnnxMl.AttributeProto integer(String name, long value) {
    return OnnxMl.AttributeProto.newBuilder()
        .setName(name)
        .setType(OnnxMl.AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  String cast(String input, String output, ElementType type) {
    return add("", "Cast", Map.of("to", (long) OnnxTypes.code(type)), output, input);
  }

  String constant(float value) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant(
        "int8 float " + value, ElementType.FLOAT32, Shape.of(), bytes.putFloat(value).array());
  }

  /** A constant of uint8. */
  String constant(byte value) {
    return constant(
        "uint8 " + Byte.toUnsignedInt(value), ElementType.UINT8, Shape.of(), new byte[] {value});
  }

  String lastAxis() {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant("int8 axis", ElementType.INT64, Shape.of(1), bytes.putLong(-1).array());
  }

  private String constant(String name, ElementType type, Shape shape, byte[] bytes) {
    if (constants.add(name)) {
      graph.addInitializer(
          GraphBuilder.tensor(new Value(name, type, shape)).setRawData(ByteString.copyFrom(bytes)));
    }
    return name;
  }
}
