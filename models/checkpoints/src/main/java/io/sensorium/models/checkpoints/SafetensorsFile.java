package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
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
public final class SafetensorsFile implements WeightsFile {
  /** Far above real headers: a hundred thousand tensors take about 12 MB. */
  private static final long MAX_HEADER_BYTES = 32L << 20;

  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final Map<String, TensorInfo> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(MappedFile file) {
    this.file = file;
    SafetensorsHeader.Content header =
        SafetensorsHeader.parse(
            file.path(), headerBytes(file.path(), file.bytes()), file.bytes().byteSize());
    this.tensors = Collections.unmodifiableMap(header.tensors());
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Maps a file.
   *
   * @throws ModelLoadException if it is missing, unreadable or not well-formed
   */
  public static SafetensorsFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    boolean opened = false;
    try {
      SafetensorsFile safetensors = new SafetensorsFile(file);
      opened = true;
      return safetensors;
    } finally {
      if (!opened) {
        file.close();
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
    return file.path();
  }

  /** Every tensor's name, in the header's order. */
  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** Answers whether the file holds a tensor of that name. */
  @Override
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Where a tensor lies.
   *
   * @throws ModelLoadException if there is none of that name
   */
  @Override
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new ModelLoadException("%s has no tensor '%s'".formatted(file.path(), name));
    }
    return info;
  }

  /**
   * A tensor as a read-only view of the mapping, valid until {@link #close()}. No bytes are read.
   *
   * @throws ModelLoadException if there is none of that name
   */
  @Override
  public Tensor tensor(String name) {
    TensorInfo info = info(name);
    return Tensor.of(info.type(), info.shape(), file.bytes().asSlice(info.offset(), info.length()));
  }

  /** The free-form strings of {@code __metadata__}; often empty. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Unmaps the file. Closing twice does nothing. */
  @Override
  public void close() {
    file.close();
  }
}
