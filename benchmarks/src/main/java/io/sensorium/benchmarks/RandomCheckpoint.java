package io.sensorium.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A checkpoint of given tensors with random weights, written as it is made, so that it may be
 * larger than the memory. One thread at a time.
 *
 * <p>Weights are scaled to keep activations of the size of their inputs: matrices by their inputs'
 * number, norms to one, tables of tokens and positions small.
 */
final class RandomCheckpoint {
  private static final int CHUNK_FLOATS = 1 << 20;
  private static final double TABLE_SCALE = 0.05;
  private static final double BIAS_SCALE = 0.01;

  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final SplittableRandom random;

  RandomCheckpoint(long seed) {
    this.random = new SplittableRandom(seed);
  }

  RandomCheckpoint tensor(String name, long... shape) {
    shapes.put(name, shape);
    return this;
  }

  /** Weight and bias of a linear layer. */
  RandomCheckpoint linear(String name, long out, long in) {
    return tensor(name + ".weight", out, in).tensor(name + ".bias", out);
  }

  /** Weight and bias of a norm. */
  RandomCheckpoint norm(String name, long width) {
    return tensor(name + ".weight", width).tensor(name + ".bias", width);
  }

  /** How many weights there are. */
  long parameters() {
    return shapes.values().stream().mapToLong(RandomCheckpoint::elements).sum();
  }

  /** Writes a safetensors file of float32. */
  void write(Path file) throws IOException {
    byte[] header = header();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, length.putLong(header.length).flip());
      writeFully(channel, ByteBuffer.wrap(header));
      ByteBuffer chunk =
          ByteBuffer.allocateDirect(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
        double centre = isNormWeight(tensor.getKey(), tensor.getValue()) ? 1 : 0;
        double scale = scale(tensor.getKey(), tensor.getValue());
        writeValues(channel, chunk, elements(tensor.getValue()), centre, scale);
      }
    }
  }

  private byte[] header() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    long offset = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long end = offset + elements(tensor.getValue()) * Float.BYTES;
      ObjectNode node = root.putObject(tensor.getKey()).put("dtype", "F32");
      var shape = node.putArray("shape");
      for (long dimension : tensor.getValue()) {
        shape.add(dimension);
      }
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void writeValues(
      FileChannel channel, ByteBuffer chunk, long elements, double centre, double scale)
      throws IOException {
    for (long left = elements; left > 0; left -= Math.min(left, CHUNK_FLOATS)) {
      chunk.clear();
      for (int i = 0; i < Math.min(left, CHUNK_FLOATS); i++) {
        chunk.putFloat((float) (centre + scale * random.nextInt() / Integer.MAX_VALUE));
      }
      writeFully(channel, chunk.flip());
    }
  }

  private static boolean isNormWeight(String name, long[] shape) {
    return shape.length == 1 && name.endsWith(".weight");
  }

  private static double scale(String name, long[] shape) {
    if ((name.contains("embed") && !name.contains("patch_embedding"))
        || name.contains("cls_token")) {
      return TABLE_SCALE;
    }
    if (shape.length < 2) {
      return BIAS_SCALE;
    }
    return Math.sqrt(3.0 * shape[0] / elements(shape));
  }

  private static long elements(long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    return elements;
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
