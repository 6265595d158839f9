package io.sensorium.models.packages;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a JSON object, such as {@code preprocessor_config.json}, into {@link Settings}.
 *
 * <p>The document is untrusted: at most {@value #MAXIMUM_BYTES} bytes and {@value #MAXIMUM_NESTING}
 * levels, no duplicate keys, nothing after the object. The tree is unmodifiable. Thread-safe.
 */
public final class JsonSettings {
  /** The longest document that is read, in bytes. */
  public static final int MAXIMUM_BYTES = 16 << 20;

  /** The deepest nesting that is read. */
  public static final int MAXIMUM_NESTING = 64;

  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAXIMUM_NESTING)
                          .maxDocumentLength(MAXIMUM_BYTES)
                          .maxNumberLength(64)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonSettings() {}

  /**
   * Reads a file.
   *
   * @throws ModelLoadException if it is missing, too long or not one JSON object
   */
  public static Settings read(Path file) {
    return parse(file.toString(), readBounded(file, MAXIMUM_BYTES));
  }

  /**
   * Reads a document.
   *
   * @param document where it comes from, for messages
   * @param json UTF-8, borrowed
   * @throws ModelLoadException if it is too long or not one JSON object
   */
  public static Settings parse(String document, byte[] json) {
    if (json.length > MAXIMUM_BYTES) {
      throw new ModelLoadException(
          "%s must have at most %d bytes; got %d".formatted(document, MAXIMUM_BYTES, json.length));
    }
    try {
      Map<String, Object> tree = MAPPER.readValue(json, OBJECT);
      if (tree == null) {
        throw new ModelLoadException(document + " must be a JSON object; got null");
      }
      return Settings.of(document, frozen(tree));
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new ModelLoadException(
          "%s must be one JSON object%s: %s".formatted(document, where, firstLine(e)), e);
    } catch (IOException e) {
      throw new ModelLoadException("cannot read " + document + ": " + e.getMessage(), e);
    }
  }

  /** Writes a tree of maps, lists, strings, numbers, booleans and nulls, indented, in UTF-8. */
  static byte[] write(Map<String, Object> tree) {
    try {
      byte[] body = MAPPER.writer(new UnixPrettyPrinter()).writeValueAsBytes(tree);
      byte[] withNewline = Arrays.copyOf(body, body.length + 1);
      withNewline[body.length] = '\n';
      return withNewline;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the tree is not JSON: " + firstLine(e), e);
    }
  }

  static byte[] readBounded(Path file, int maximumBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(maximumBytes + 1);
      if (content.length > maximumBytes) {
        throw new ModelLoadException(
            "%s must have at most %d bytes; got %d"
                .formatted(file, maximumBytes, Files.size(file)));
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new ModelLoadException("no such file: " + file, e);
    } catch (IOException e) {
      throw new ModelLoadException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("malformed");
  }

  private static Map<String, Object> frozen(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put((String) key, frozenValue(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static Object frozenValue(Object value) {
    return switch (value) {
      case Map<?, ?> map -> frozen(map);
      case List<?> list ->
          Collections.unmodifiableList(
              list.stream().<Object>map(JsonSettings::frozenValue).toList());
      case null -> null;
      default -> value;
    };
  }
}
