package io.sensorium.models.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.FloatTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A folder that holds one model as Hugging Face lays it out. Stateless but for its path. */
final class CheckpointFolder {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;

  CheckpointFolder(Path folder) {
    this.folder = folder;
  }

  /** Removes the golden vectors that were recorded with other weights, where there are any. */
  void forgetGolden() {
    try {
      Files.deleteIfExists(folder.resolve("golden.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove old golden vectors from " + folder, e);
    }
  }

  /** Writes a JSON file; missing folders are made. */
  void json(String file, JsonNode content) {
    try {
      text(file, JSON.writeValueAsString(content) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("could not format " + file, e);
    }
  }

  /** Writes a text file; missing folders are made. */
  void text(String file, String content) {
    Path path = folder.resolve(file);
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + path, e);
    }
  }

  /** Writes parameters under their names. */
  void weights(String file, List<Parameter> parameters) {
    Path path = folder.resolve(file);
    var tensors = new TreeMap<String, FloatTensor>();
    for (Parameter parameter : parameters) {
      tensors.put(parameter.name(), new FloatTensor(parameter.shape(), parameter.values()));
    }
    try {
      Files.createDirectories(path.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + path.getParent(), e);
    }
    SafetensorsWriter.write(path, tensors, Map.of("format", "pt"));
  }
}
