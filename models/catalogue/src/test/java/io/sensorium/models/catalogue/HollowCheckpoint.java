package io.sensorium.models.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint with names, shapes and length of a real one, and holes instead of weights, so that
 * it takes no room on disks that know holes.
 */
final class HollowCheckpoint {
  private final Map<String, Object> header = new LinkedHashMap<>();
  private long bytes;

  HollowCheckpoint tensor(String name, int... shape) {
    long begin = bytes;
    bytes += 4 * Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    header.put(
        name,
        Map.of(
            "dtype", "F32",
            "shape", Arrays.stream(shape).boxed().toList(),
            "data_offsets", List.of(begin, bytes)));
    return this;
  }

  /** A matrix {@code [out, in]} and its bias. */
  HollowCheckpoint linear(String name, int out, int in) {
    return tensor(name + ".weight", out, in).tensor(name + ".bias", out);
  }

  HollowCheckpoint norm(String name, int width) {
    return tensor(name + ".weight", width).tensor(name + ".bias", width);
  }

  /** Writes {@code model.safetensors} and {@code config.json}. */
  Path write(Path folder, String config) throws IOException {
    byte[] json = new ObjectMapper().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(folder);
    Path file = folder.resolve("model.safetensors");
    try (RandomAccessFile weights = new RandomAccessFile(file.toFile(), "rw")) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      weights.write(length.putLong(json.length).array());
      weights.write(json);
      weights.setLength(Long.BYTES + json.length + bytes);
    }
    Files.writeString(folder.resolve("config.json"), config);
    return folder;
  }
}
