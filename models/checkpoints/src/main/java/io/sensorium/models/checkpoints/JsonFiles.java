package io.sensorium.models.checkpoints;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads JSON files that a stranger wrote. Thread-safe. */
public final class JsonFiles {
  private static final int MAX_DEPTH = 64;
  private static final long MAX_BYTES = 64L << 20;

  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(400)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFiles() {}

  static ObjectMapper strictMapper() {
    return STRICT;
  }

  /**
   * Reads a file that holds one JSON object.
   *
   * @throws ModelLoadException if it is missing, longer than 64 MiB, nested deeper than 64, has a
   *     key twice, or is not one object
   */
  public static Settings readObject(Path file) {
    return Settings.of(file.toString(), read(file, new TypeReference<Map<String, Object>>() {}));
  }

  /**
   * Reads a file that holds one JSON array of objects.
   *
   * @throws ModelLoadException as {@link #readObject}
   */
  public static List<Settings> readObjects(Path file) {
    return read(file, new TypeReference<List<Map<String, Object>>>() {}).stream()
        .map(object -> Settings.of(file.toString(), object))
        .toList();
  }

  private static String place(JsonProcessingException problem) {
    JsonLocation location = problem.getLocation();
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static <T> T read(Path file, TypeReference<T> type) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelLoadException(
            "%s may have %d bytes at most; it has %d".formatted(file, MAX_BYTES, Files.size(file)));
      }
      T value = STRICT.readValue(Files.readAllBytes(file), type);
      if (value == null) {
        throw new ModelLoadException("%s holds null, not an object".formatted(file));
      }
      return value;
    } catch (java.nio.file.NoSuchFileException e) {
      throw new ModelLoadException("there is no file %s".formatted(file), e);
    } catch (JsonProcessingException e) {
      throw new ModelLoadException(
          "%s is not the JSON that was expected%s: %s"
              .formatted(file, place(e), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ModelLoadException(
          "%s is not the JSON that was expected: %s".formatted(file, e.getMessage()), e);
    }
  }
}
