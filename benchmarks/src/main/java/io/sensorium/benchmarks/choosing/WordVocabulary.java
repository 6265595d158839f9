package io.sensorium.benchmarks.choosing;

import io.sensorium.language.text.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A vocabulary of usual size that is drawn: every byte, runs of punctuation as JSON has them,
 * numbers, and words of random syllables with and without a space before them. Immutable.
 */
final class WordVocabulary implements Vocabulary {
  private static final String[] PUNCTUATION = {
    "\":", "\": ", "\",", "\", \"", "{\"", "\"}", "}}", "[[", "]]", "},", "[\"", "\"]", "\\u", ", "
  };
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
  private static final String VOWELS = "aeiouy";

  private final List<ByteBuffer> tokens = new ArrayList<>();

  /**
   * @param size how many tokens, at least 2,000
   */
  WordVocabulary(int size) {
    for (int value = 0; value < 256; value++) {
      tokens.add(ByteBuffer.wrap(new byte[] {(byte) value}).asReadOnlyBuffer());
    }
    Set<String> words = new LinkedHashSet<>(List.of(PUNCTUATION));
    for (int number = 10; number < 1_000; number++) {
      words.add(Integer.toString(number));
    }
    SplittableRandom random = new SplittableRandom(5);
    while (words.size() < size - tokens.size()) {
      StringBuilder word = new StringBuilder(random.nextInt(5) < 3 ? " " : "");
      for (int syllables = random.nextInt(1, 5); syllables > 0; syllables--) {
        word.append(CONSONANTS.charAt(random.nextInt(CONSONANTS.length())));
        word.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
      }
      words.add(word.toString());
    }
    words.forEach(word -> tokens.add(StandardCharsets.UTF_8.encode(word).asReadOnlyBuffer()));
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public ByteBuffer bytes(int token) {
    return tokens.get(token);
  }

  @Override
  public boolean isSpecial(int token) {
    return false;
  }
}
