package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, mapped into memory. Safe for use by several threads.
 *
 * <p>Opening checks the whole header: lengths, offsets, overlaps, gaps, types and shapes. Tensors
 * are views of the mapping, read-only and valid until {@link #close()}; afterwards touching one
 * throws {@link IllegalStateException}. The format is described at
 * https://huggingface.co/docs/safetensors.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Far above real headers: a hundred thousand tensors take about 12 MB. */
  private static final long MAX_HEADER_BYTES = 32L << 20;

  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment mapping;
  private final Map<String, TensorInfo> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(Path path, Arena arena, MemorySegment mapping) {
    this.path = path;
    this.arena = arena;
    this.mapping = mapping;
    SafetensorsHeader.Content header =
        SafetensorsHeader.parse(path, headerBytes(path, mapping), mapping.byteSize());
    this.tensors = Collections.unmodifiableMap(header.tensors());
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Maps a file.
   *
   * @throws ModelLoadException if it is missing, unreadable or not well-formed
   */
  public static SafetensorsFile open(Path path) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      SafetensorsFile file = new SafetensorsFile(path, arena, mapping);
      opened = true;
      return file;
    } catch (IOException e) {
      throw new ModelLoadException("%s cannot be read: %s".formatted(path, e), e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static byte[] headerBytes(Path path, MemorySegment mapping) {
    long available = mapping.byteSize() - SafetensorsHeader.LENGTH_BYTES;
    if (available < 0) {
      throw new ModelLoadException(
          "%s is not a safetensors file: it has only %d bytes".formatted(path, mapping.byteSize()));
    }
    long length = mapping.get(LITTLE_ENDIAN_LONG, 0);
    long limit = Math.min(available, MAX_HEADER_BYTES);
    if (length < 0 || length > limit) {
      throw new ModelLoadException(
          "the header of %s must have at most %d bytes; it claims %s"
              .formatted(path, limit, Long.toUnsignedString(length)));
    }
    return mapping.asSlice(SafetensorsHeader.LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /** Every tensor's name, in the header's order. */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** Answers whether the file holds a tensor of that name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Where a tensor lies.
   *
   * @throws ModelLoadException if there is none of that name
   */
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new ModelLoadException("%s has no tensor '%s'".formatted(path, name));
    }
    return info;
  }

  /**
   * A tensor as a read-only view of the mapping, valid until {@link #close()}. No bytes are read.
   *
   * @throws ModelLoadException if there is none of that name
   */
  public Tensor tensor(String name) {
    TensorInfo info = info(name);
    return Tensor.of(info.type(), info.shape(), mapping.asSlice(info.offset(), info.length()));
  }

  /** The free-form strings of {@code __metadata__}; often empty. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Unmaps the file. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
