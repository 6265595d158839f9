package io.sensorium.host.bench.hotplug;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The smallest ONNX file that computes something, written byte by byte: one matrix product. Field
 * numbers are those of onnx.proto.
 */
final class ProductGraph {
  private static final int INTERMEDIATE_REPRESENTATION = 10;
  private static final int OPERATOR_SET = 21;
  private static final int FLOAT = 1;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private ProductGraph() {}

  /**
   * A model of {@code output[n, width] = input[n, width] weights[width, width]}.
   *
   * @param weights row-major
   */
  static byte[] of(String input, String output, int width, float... weights) {
    ProductGraph node = message().text(1, input).text(1, "w").text(2, output).text(4, "MatMul");
    ByteBuffer raw =
        ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(weights);
    ProductGraph tensor = message().number(1, width).number(1, width).number(2, FLOAT).text(8, "w");
    tensor.bytes(9, raw.array());
    ProductGraph graph =
        message()
            .nested(1, node)
            .text(2, "product")
            .nested(5, tensor)
            .nested(11, value(input, width))
            .nested(12, value(output, width));
    return message()
        .number(1, INTERMEDIATE_REPRESENTATION)
        .nested(7, graph)
        .nested(8, message().text(1, "").number(2, OPERATOR_SET))
        .bytes
        .toByteArray();
  }

  private static ProductGraph value(String name, int width) {
    ProductGraph shape =
        message().nested(1, message().text(2, "n")).nested(1, message().number(1, width));
    ProductGraph type = message().nested(1, message().number(1, FLOAT).nested(2, shape));
    return message().text(1, name).nested(2, type);
  }

  private static ProductGraph message() {
    return new ProductGraph();
  }

  private ProductGraph number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  private ProductGraph text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private ProductGraph nested(int field, ProductGraph message) {
    return bytes(field, message.bytes.toByteArray());
  }

  private ProductGraph bytes(int field, byte[] value) {
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
