package io.sensorium.models.training.adapters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads samples, one JSON object a line:
 *
 * <pre>{"media": ["bells.png"], "prompt": "How many bells?", "answer": "Three."}</pre>
 *
 * Paths are relative to the file's folder; blank lines are passed over. Every mistake is told with
 * its file and line. Stateless.
 */
public final class SampleFile {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int MOST_MEDIA = 16;
  private static final Set<String> KEYS = Set.of("media", "prompt", "answer");
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private SampleFile() {}

  /**
   * Reads all samples.
   *
   * @throws IllegalArgumentException naming file and line of what cannot be used, or if there is
   *     none
   */
  public static List<Sample> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("the samples must be a file; found none at " + file);
    }
    var samples = new ArrayList<Sample>();
    int number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          samples.add(sample(line, number, file));
        }
      }
    } catch (CharacterCodingException e) {
      throw problem(file, number + 1, "is no UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("%s must have a sample; it has none".formatted(file));
    }
    return samples;
  }

  private static Sample sample(String line, int number, Path file) {
    if (line.length() > LONGEST_LINE) {
      throw problem(file, number, "has more than %d characters".formatted(LONGEST_LINE), null);
    }
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw problem(file, number, "is no JSON object: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw problem(file, number, "must be a JSON object; it is " + node.getNodeType(), null);
    }
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw problem(file, number, "has the unknown key '%s'".formatted(key), null);
              }
            });
    return new Sample(
        number,
        media(node.path("media"), number, file),
        text(node, "prompt", number, file),
        text(node, "answer", number, file));
  }

  private static List<Path> media(JsonNode list, int number, Path file) {
    if (!list.isArray() || list.isEmpty() || list.size() > MOST_MEDIA) {
      String required = "needs 'media', a list of 1 to %d paths; found %s";
      throw problem(file, number, required.formatted(MOST_MEDIA, list), null);
    }
    Path folder = file.toAbsolutePath().getParent();
    var media = new ArrayList<Path>();
    for (JsonNode each : list) {
      if (!each.isTextual() || each.asText().isBlank()) {
        throw problem(file, number, "has a medium that is no path: " + each, null);
      }
      try {
        Path path = folder.resolve(each.asText()).normalize();
        if (!Files.isRegularFile(path)) {
          throw problem(file, number, "names a medium that is no file: " + path, null);
        }
        media.add(path);
      } catch (InvalidPathException e) {
        throw problem(file, number, "has a medium that is no path: " + each, e);
      }
    }
    return media;
  }

  private static String text(JsonNode node, String key, int number, Path file) {
    JsonNode text = node.path(key);
    if (!text.isTextual() || text.asText().isBlank()) {
      String found = text.isMissingNode() ? "nothing" : text.toString();
      throw problem(file, number, "needs '%s', a text; found %s".formatted(key, found), null);
    }
    return text.asText();
  }

  private static IllegalArgumentException problem(
      Path file, int line, String what, Exception cause) {
    return new IllegalArgumentException("line %d of %s %s".formatted(line, file, what), cause);
  }
}
