package io.sensorium.encoder.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Draws the strings of models/reference/tokenizers, as {@code record.py} draws them: fragments,
 * words, and runs of code points of one range, some of them lone surrogates.
 */
final class GeneratedStrings {
  private final JsonNode tables;

  GeneratedStrings(Path tables) throws IOException {
    this.tables = new ObjectMapper().readTree(tables.toFile());
  }

  int count() {
    return tables.path("count").intValue();
  }

  String get(int number) {
    SplitMix random = new SplitMix(tables.path("seed").longValue() + number);
    boolean isLong = number % tables.path("longEvery").intValue() == 0;
    int parts = isLong ? tables.path("longParts").intValue() : 1 + random.below(size("parts"));
    StringBuilder text = new StringBuilder();
    for (int part = 0; part < parts; part++) {
      int kind = random.below(4);
      switch (kind) {
        case 0 -> text.append(one("fragments", random).textValue());
        case 1 -> text.append(one("words", random).textValue());
        default -> appendRun(text, random, kind == 3);
      }
      text.append(one("separators", random).textValue());
    }
    return text.toString();
  }

  private void appendRun(StringBuilder text, SplitMix random, boolean varied) {
    JsonNode range = one("ranges", random);
    int first = range.path(0).intValue();
    int count = range.path(1).intValue() - first + 1;
    int length = 1 + random.below(size("run"));
    int point = first + random.below(count);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(point);
      if (varied) {
        point = first + random.below(count);
      }
    }
  }

  private int size(String key) {
    return tables.path(key).intValue();
  }

  private JsonNode one(String key, SplitMix random) {
    return tables.path(key).path(random.below(tables.path(key).size()));
  }

  /** Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014). */
  private static final class SplitMix {
    private long state;

    SplitMix(long seed) {
      this.state = seed;
    }

    int below(int bound) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return (int) (((z ^ (z >>> 31)) >>> 1) % bound);
    }
  }
}
