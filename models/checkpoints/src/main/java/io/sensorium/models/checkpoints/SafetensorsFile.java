package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * A safetensors file, mapped into memory. Safe for use by several threads.
 *
 * <p>Opening checks the whole header: lengths, offsets, overlaps, gaps, types and shapes. Tensors
 * are views of the mapping, read-only and valid until {@link #close()}; afterwards touching one
 * throws {@link IllegalStateException}. The format is described at
 * https://huggingface.co/docs/safetensors.
 */
public final class SafetensorsFile extends WeightsFile {
  /** Far above real headers: a hundred thousand tensors take about 12 MB. */
  private static final long MAX_HEADER_BYTES = 32L << 20;

  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Map<String, String> metadata;

  private SafetensorsFile(MappedFile file, SafetensorsHeader.Content header) {
    super(file, header.tensors());
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Maps a file.
   *
   * @throws ModelLoadException if it is missing, unreadable or not well-formed
   */
  public static SafetensorsFile open(Path path) {
    return open(path, file -> new SafetensorsFile(file, header(path, file.bytes())));
  }

  private static SafetensorsHeader.Content header(Path path, MemorySegment mapping) {
    return SafetensorsHeader.parse(path, headerBytes(path, mapping), mapping.byteSize());
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

  /** The free-form strings of {@code __metadata__}; often empty. */
  public Map<String, String> metadata() {
    return metadata;
  }
}
