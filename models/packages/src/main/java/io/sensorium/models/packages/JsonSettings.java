package io.sensorium.models.packages;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  // The streaming parser alone: loading data binding's classes more than doubles the first read of
  // a cold start.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAXIMUM_NESTING)
                  .maxDocumentLength(MAXIMUM_BYTES)
                  .maxNumberLength(64)
                  .build())
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
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ModelLoadException(document + " must be one JSON object; got something else");
      }
      Map<String, Object> tree = object(parser);
      if (parser.nextToken() != null) {
        throw new ModelLoadException(document + " must be one JSON object; got more after it");
      }
      return Settings.of(document, tree);
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

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      object.put(key, value(parser));
    }
    return Collections.unmodifiableMap(object);
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return Collections.unmodifiableList(array);
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> finite(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default ->
          throw new IllegalStateException("a parser of text has no " + parser.currentToken());
    };
  }

  private static Number finite(JsonParser parser) throws IOException {
    Number number = parser.getNumberValue();
    if (!Double.isFinite(number.doubleValue())) {
      throw new JsonParseException(parser, "a number is too large");
    }
    return number;
  }

  /**
   * Writes a tree of maps, lists, strings, numbers, booleans and nulls, indented, in UTF-8, ending
   * with a line feed.
   *
   * @throws IllegalArgumentException if the tree holds anything else
   */
  public static byte[] write(Map<String, Object> tree) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
      generator.setPrettyPrinter(new UnixPrettyPrinter());
      write(generator, tree);
      generator.writeRaw('\n');
    } catch (IOException e) {
      throw new IllegalArgumentException("the tree is not JSON: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          generator.writeFieldName((String) entry.getKey());
          write(generator, entry.getValue());
        }
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        for (Object each : list) {
          write(generator, each);
        }
        generator.writeEndArray();
      }
      case String text -> generator.writeString(text);
      case Boolean flag -> generator.writeBoolean(flag);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Float number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      case BigInteger number -> generator.writeNumber(number);
      case BigDecimal number -> generator.writeNumber(number);
      case null -> generator.writeNull();
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
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
}
