package io.sensorium.models.checkpoints;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes tensors as a safetensors file.
 *
 * <p>Tensors are laid out in the order of their names, the header is padded so that the data begins
 * on a multiple of eight bytes, and equal input gives equal bytes. The file appears under its name
 * only when it is complete.
 *
 * <p>Stateless; safe for use by several threads on different files.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT_BYTES = 8;
  private static final int CHUNK_FLOATS = 1 << 16;

  private SafetensorsWriter() {}

  /**
   * A tensor to write, row-major. The arrays are borrowed until the file is written.
   *
   * @param shape its dimensions, each at least 0; empty for a scalar
   * @param values its elements
   */
  @SuppressWarnings("ArrayRecordComponent") // weights are compared nowhere and copied for nobody
  public record FloatTensor(long[] shape, float[] values) {
    public FloatTensor {
      long elements = 1;
      for (long dimension : shape) {
        elements = Math.multiplyExact(elements, dimension);
      }
      if (elements != values.length) {
        throw new IllegalArgumentException(
            "a tensor of %d elements was required; got %d values"
                .formatted(elements, values.length));
      }
    }
  }

  /**
   * Writes {@code tensors} to {@code file}, replacing it.
   *
   * @param metadata free text that goes under {@code __metadata__}; left out when empty
   * @throws UncheckedIOException where the file cannot be written; nothing is left behind
   */
  public static void write(
      Path file, Map<String, FloatTensor> tensors, Map<String, String> metadata) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    tensors.forEach((name, tensor) -> entries.put(name, Entry.of(tensor)));
    writeEntries(file, entries, metadata);
  }

  /**
   * As {@link #write}, for tensors of every type.
   *
   * @throws UncheckedIOException where the file cannot be written; nothing is left behind
   */
  public static void writeTensors(
      Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    tensors.forEach((name, tensor) -> entries.put(name, Entry.of(tensor)));
    writeEntries(file, entries, metadata);
  }

  /**
   * A tensor whose values are computed while they are written, so that none of it need fit into
   * memory.
   *
   * @param values writes exactly the elements, row-major and little-endian
   */
  public record StreamedTensor(ElementType type, Shape shape, Values values) {
    private Entry entry() {
      return new Entry(
          type,
          IntStream.range(0, shape.rank()).mapToObj(shape::dimension).toList(),
          Math.multiplyExact(shape.elements(), type.bytes()),
          values);
    }
  }

  /** Writes a tensor's values. */
  @FunctionalInterface
  public interface Values {
    /**
     * Writes all of them.
     *
     * @throws IOException if the channel fails
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /** Where {@link #writeStreamed} will put the values of such tensors. */
  public static SortedMap<String, TensorInfo> layout(Map<String, StreamedTensor> tensors) {
    SortedMap<String, Entry> entries = entries(tensors);
    long offset = SafetensorsHeader.LENGTH_BYTES + (long) header(entries, Map.of()).length;
    SortedMap<String, TensorInfo> layout = new TreeMap<>();
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      StreamedTensor tensor = tensors.get(each.getKey());
      long bytes = each.getValue().bytes();
      layout.put(
          each.getKey(),
          new TensorInfo(each.getKey(), tensor.type(), tensor.shape(), offset, bytes));
      offset += bytes;
    }
    return layout;
  }

  /**
   * As {@link #write}, computing the values on the way.
   *
   * @throws UncheckedIOException where the file cannot be written; nothing is left behind
   */
  public static void writeStreamed(Path file, Map<String, StreamedTensor> tensors) {
    writeEntries(file, entries(tensors), Map.of());
  }

  private static SortedMap<String, Entry> entries(Map<String, StreamedTensor> tensors) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    tensors.forEach((name, tensor) -> entries.put(name, tensor.entry()));
    return entries;
  }

  /** One tensor, whatever holds its values. */
  private record Entry(ElementType type, List<Long> shape, long bytes, Values values) {
    static Entry of(FloatTensor tensor) {
      return new Entry(
          ElementType.FLOAT32,
          Arrays.stream(tensor.shape()).boxed().toList(),
          (long) tensor.values().length * Float.BYTES,
          channel -> writeValues(channel, tensor.values()));
    }

    static Entry of(Tensor tensor) {
      return new Entry(
          tensor.type(),
          IntStream.range(0, tensor.shape().rank()).mapToObj(tensor.shape()::dimension).toList(),
          tensor.data().byteSize(),
          channel -> writeBytes(channel, tensor.data()));
    }
  }

  private static void writeEntries(
      Path file, SortedMap<String, Entry> sorted, Map<String, String> metadata) {
    byte[] header = header(sorted, metadata);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        writeFully(channel, length.putLong(header.length).flip());
        writeFully(channel, ByteBuffer.wrap(header));
        long expected = channel.position();
        for (Map.Entry<String, Entry> entry : sorted.entrySet()) {
          entry.getValue().values().writeTo(channel);
          expected += entry.getValue().bytes();
          if (channel.position() != expected) {
            throw new IllegalStateException(
                "'%s' must end at byte %d of %s; it ended at %d"
                    .formatted(entry.getKey(), expected, file, channel.position()));
          }
        }
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteQuietly(partial, e);
      throw new UncheckedIOException("could not write the safetensors file " + file, e);
    } catch (RuntimeException e) {
      deleteQuietly(partial, e);
      throw e;
    }
  }

  private static byte[] header(SortedMap<String, Entry> tensors, Map<String, String> metadata) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (!metadata.isEmpty()) {
      ObjectNode free = root.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(free::put);
    }
    long offset = 0;
    for (Map.Entry<String, Entry> entry : tensors.entrySet()) {
      Entry tensor = entry.getValue();
      ObjectNode node =
          root.putObject(entry.getKey()).put("dtype", SafetensorsHeader.dtype(tensor.type()));
      var shape = node.putArray("shape");
      tensor.shape().forEach(shape::add);
      long end = Math.addExact(offset, tensor.bytes());
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    StringBuilder text = new StringBuilder(root.toString());
    int bytes = text.toString().getBytes(StandardCharsets.UTF_8).length;
    text.repeat(' ', Math.floorMod(-bytes, ALIGNMENT_BYTES));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void writeValues(WritableByteChannel channel, float[] values) throws IOException {
    int chunk = Math.min(values.length, CHUNK_FLOATS);
    ByteBuffer buffer = ByteBuffer.allocate(chunk * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - at);
      buffer.clear().limit(count * Float.BYTES);
      buffer.asFloatBuffer().put(values, at, count);
      writeFully(channel, buffer);
    }
  }

  private static void writeBytes(WritableByteChannel channel, MemorySegment data)
      throws IOException {
    long chunk = Math.min(data.byteSize(), (long) CHUNK_FLOATS * Float.BYTES);
    ByteBuffer buffer = ByteBuffer.allocate((int) chunk);
    for (long at = 0; at < data.byteSize(); at += chunk) {
      long count = Math.min(chunk, data.byteSize() - at);
      MemorySegment.copy(data, at, MemorySegment.ofArray(buffer.array()), 0, count);
      writeFully(channel, buffer.clear().limit((int) count));
    }
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer buffer)
      throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void deleteQuietly(Path partial, Exception cause) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
