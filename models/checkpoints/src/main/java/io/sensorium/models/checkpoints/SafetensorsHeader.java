package io.sensorium.models.checkpoints;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Parses a safetensors header, which may lie about everything. */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";
  static final int LENGTH_BYTES = 8;

  private static final Map<String, ElementType> TYPES =
      new TreeMap<>(
          Map.of(
              "F32", ElementType.FLOAT32,
              "F16", ElementType.FLOAT16,
              "BF16", ElementType.BFLOAT16,
              "F64", ElementType.FLOAT64,
              "I8", ElementType.INT8,
              "U8", ElementType.UINT8,
              "I32", ElementType.INT32,
              "I64", ElementType.INT64,
              "BOOL", ElementType.BOOL));

  private final Path file;
  private final long dataStart;
  private final long dataLength;

  private SafetensorsHeader(Path file, long dataStart, long dataLength) {
    this.file = file;
    this.dataStart = dataStart;
    this.dataLength = dataLength;
  }

  /** The format's name of an element type. */
  static String dtype(ElementType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /** What a header says. */
  record Content(Map<String, TensorInfo> tensors, Map<String, String> metadata) {}

  /**
   * Reads the JSON part.
   *
   * @param json the header's bytes
   * @param fileLength the length of the whole file in bytes
   */
  static Content parse(Path file, byte[] json, long fileLength) {
    long dataStart = LENGTH_BYTES + (long) json.length;
    return new SafetensorsHeader(file, dataStart, fileLength - dataStart).parse(json);
  }

  private Content parse(byte[] json) {
    JsonNode root;
    try {
      root = JsonFiles.strictMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new ModelLoadException(
          "the header of %s is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (java.io.IOException e) {
      throw new ModelLoadException("the header of %s cannot be read".formatted(file), e);
    }
    if (!root.isObject()) {
      throw wrong("must be a JSON object; got " + root.getNodeType());
    }
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (entry.getKey().equals(METADATA)) {
        readMetadata(entry.getValue(), metadata);
      } else {
        tensors.put(entry.getKey(), readTensor(entry.getKey(), entry.getValue()));
      }
    }
    requireContiguous(tensors);
    return new Content(tensors, metadata);
  }

  private void readMetadata(JsonNode node, Map<String, String> metadata) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isTextual()) {
        throw wrong(METADATA + " must map strings to strings; got " + node);
      }
      metadata.put(entry.getKey(), entry.getValue().textValue());
    }
  }

  private TensorInfo readTensor(String name, JsonNode node) {
    if (!node.isObject()
        || node.size() != 3
        || !node.has("dtype")
        || !node.has("shape")
        || !node.has("data_offsets")) {
      throw wrong("'%s' must have dtype, shape and data_offsets alone".formatted(name));
    }
    ElementType type = TYPES.get(node.get("dtype").asText());
    if (type == null) {
      throw wrong(
          "'%s' has dtype %s; supported are %s".formatted(name, node.get("dtype"), TYPES.keySet()));
    }
    long[] dimensions = longs(name, "shape", node.get("shape"));
    long[] offsets = longs(name, "data_offsets", node.get("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataLength) {
      throw wrong(
          "'%s' must have data_offsets [begin, end] with begin <= end <= %d; got %s"
              .formatted(name, dataLength, node.get("data_offsets")));
    }
    Shape shape = Shape.of(dimensions);
    long length = offsets[1] - offsets[0];
    if (length != byteSize(name, shape, type)) {
      throw wrong(
          "'%s' is %s%s, %d bytes; its data_offsets span %d"
              .formatted(name, type, shape, byteSize(name, shape, type), length));
    }
    return new TensorInfo(name, type, shape, dataStart + offsets[0], length);
  }

  private long byteSize(String name, Shape shape, ElementType type) {
    try {
      return Math.multiplyExact(shape.elements(), type.bytes());
    } catch (ArithmeticException e) {
      throw new ModelLoadException(
          "the header of %s: '%s' has %s elements, more than a file can hold"
              .formatted(file, name, shape),
          e);
    }
  }

  private long[] longs(String name, String what, JsonNode node) {
    long[] values = new long[node.size()];
    boolean valid = node.isArray();
    for (int i = 0; valid && i < values.length; i++) {
      JsonNode value = node.get(i);
      valid = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
      values[i] = value.longValue();
    }
    if (!valid) {
      throw wrong(
          "'%s' must have a %s of integers in [0, 2^63); got %s".formatted(name, what, node));
    }
    return values;
  }

  /** The format wants every byte of the data to belong to exactly one tensor. */
  private void requireContiguous(Map<String, TensorInfo> tensors) {
    List<TensorInfo> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(Comparator.comparingLong(TensorInfo::offset).thenComparing(TensorInfo::length));
    long expected = dataStart;
    for (TensorInfo tensor : inOrder) {
      if (tensor.offset() != expected) {
        throw wrong(
            "'%s' begins at byte %d of the file, %s; %d was expected"
                .formatted(
                    tensor.name(),
                    tensor.offset(),
                    tensor.offset() < expected ? "overlapping another tensor" : "after a gap",
                    expected));
      }
      expected += tensor.length();
    }
    if (expected != dataStart + dataLength) {
      throw wrong(
          "the tensors end at byte %d of the file; the file has %d"
              .formatted(expected, dataStart + dataLength));
    }
  }

  private ModelLoadException wrong(String what) {
    return new ModelLoadException("the header of %s: %s".formatted(file, what));
  }
}
