package io.sensorium.runtime.onnx;

import io.sensorium.api.ModelLoadException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks the protobuf of an ONNX file, weights skipped, for the tensors whose data lies elsewhere.
 *
 * <p>Field numbers are those of onnx.proto3. Lengths and nesting are checked on the way. One thread
 * at a time.
 */
final class GraphScan {
  private static final int MAXIMUM_NESTING = 64;

  /** The messages on the way to a tensor; every other field is skipped. */
  private enum Message {
    MODEL,
    TRAINING,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR;

    Message child(int field) {
      return switch (this) {
        case MODEL ->
            switch (field) {
              case 7 -> GRAPH;
              case 20 -> TRAINING;
              case 25 -> FUNCTION;
              default -> null;
            };
        case TRAINING -> field == 1 || field == 2 ? GRAPH : null;
        case GRAPH ->
            switch (field) {
              case 1 -> NODE;
              case 5 -> TENSOR;
              case 15 -> SPARSE_TENSOR;
              default -> null;
            };
        case FUNCTION -> field == 7 ? NODE : null;
        case NODE -> field == 5 ? ATTRIBUTE : null;
        case ATTRIBUTE ->
            switch (field) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE_TENSOR;
              default -> null;
            };
        case SPARSE_TENSOR -> field == 1 || field == 2 ? TENSOR : null;
        case TENSOR -> null;
      };
    }
  }

  private static final int EXTERNAL_DATA = 13;

  private final Path file;
  private final MemorySegment bytes;
  private final List<Map<String, String>> found = new ArrayList<>();
  private long position;

  private GraphScan(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * The key-value pairs ({@code location}, {@code offset}, {@code length}) of every tensor whose
   * data lies outside the graph.
   *
   * @throws ModelLoadException if the file is not well-formed protobuf
   */
  static List<Map<String, String>> externalData(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      GraphScan scan = new GraphScan(file, bytes);
      scan.message(Message.MODEL, bytes.byteSize(), 0);
      return scan.found;
    }
  }

  private void message(Message message, long end, int depth) {
    if (depth > MAXIMUM_NESTING) {
      throw malformed("it nests deeper than " + MAXIMUM_NESTING);
    }
    Map<String, String> external = new HashMap<>();
    while (position < end) {
      long tag = varint(end);
      int field = (int) (tag >>> 3);
      if ((tag & 7) != 2) {
        skip((int) (tag & 7), end);
        continue;
      }
      long fieldEnd = lengthDelimited(end);
      if (message == Message.TENSOR && field == EXTERNAL_DATA) {
        pair(external, fieldEnd);
      } else if (message.child(field) != null) {
        message(message.child(field), fieldEnd, depth + 1);
      }
      position = fieldEnd;
    }
    if (!external.isEmpty()) {
      found.add(Map.copyOf(external));
    }
  }

  private void pair(Map<String, String> into, long end) {
    String key = "";
    String value = "";
    while (position < end) {
      long tag = varint(end);
      if ((tag & 7) != 2) {
        skip((int) (tag & 7), end);
        continue;
      }
      long fieldEnd = lengthDelimited(end);
      byte[] text = bytes.asSlice(position, fieldEnd - position).toArray(ValueLayout.JAVA_BYTE);
      if (tag >>> 3 == 1) {
        key = new String(text, StandardCharsets.UTF_8);
      } else if (tag >>> 3 == 2) {
        value = new String(text, StandardCharsets.UTF_8);
      }
      position = fieldEnd;
    }
    if (into.put(key, value) != null) {
      throw malformed("a tensor has two entries '" + key + "'");
    }
  }

  private long lengthDelimited(long end) {
    long length = varint(end);
    if (length < 0 || length > end - position) {
      throw malformed("a field of %d bytes does not fit".formatted(length));
    }
    return position + length;
  }

  private void skip(int wireType, long end) {
    switch (wireType) {
      case 0 -> varint(end);
      case 1 -> position += Long.BYTES;
      case 5 -> position += Integer.BYTES;
      default -> throw malformed("wire type " + wireType + " is not used by ONNX");
    }
    if (position > end) {
      throw malformed("a field does not fit");
    }
  }

  private long varint(long end) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position >= end) {
        throw malformed("it ends inside a number");
      }
      byte next = bytes.get(ValueLayout.JAVA_BYTE, position++);
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a number is too long");
  }

  private ModelLoadException malformed(String reason) {
    return new ModelLoadException(
        "%s is not a well-formed ONNX file: %s (at byte %d)".formatted(file, reason, position));
  }
}
