package io.sensorium.models.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.FloatTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A folder that holds one model as Hugging Face lays it out. Stateless but for its path. */
public final class CheckpointFolder {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path folder;

  /**
   * @param folder made where it is missing
   */
  public CheckpointFolder(Path folder) {
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
  public void json(String file, JsonNode content) {
    try {
      text(file, JSON.writeValueAsString(content) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("could not format " + file, e);
    }
  }

  /** Writes a text file; missing folders are made. */
  public void text(String file, String content) {
    Path path = folder.resolve(file);
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + path, e);
    }
  }

  /** Writes parameters under their names. */
  public void weights(String file, List<Parameter> parameters) {
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

  /** As {@link #weights}, in half precision. */
  public void halfWeights(String file, List<Parameter> parameters) {
    Path path = folder.resolve(file);
    var tensors = new TreeMap<String, Tensor>();
    for (Parameter parameter : parameters) {
      Tensor half = Tensor.allocate(ElementType.FLOAT16, Shape.of(parameter.shape()));
      for (int at = 0; at < parameter.values().length; at++) {
        half.data()
            .set(HALF, (long) at * Short.BYTES, Float.floatToFloat16(parameter.values()[at]));
      }
      tensors.put(parameter.name(), half);
    }
    try {
      Files.createDirectories(path.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + path.getParent(), e);
    }
    SafetensorsWriter.writeTensors(path, tensors, Map.of("format", "pt"));
  }
}
