package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** An answer ends exactly before its stop, and never shows any part of it. */
class StopTextsTest {
  @Test
  void whatMayBeginAStopIsHeldBack() {
    StopTexts stops = new StopTexts(List.of("\n\nUser"));

    assertThat(stops.accept("Two.\n")).isEqualTo("Two.");
    assertThat(stops.accept("\n")).isEmpty();
    assertThat(stops.accept("Us")).isEmpty();
    assertThat(stops.stopped()).isFalse();
    assertThat(stops.accept("ers")).isEmpty();
    assertThat(stops.stopped()).isTrue();
    assertThat(stops.accept("more")).isEmpty();
    assertThat(stops.end()).isEmpty();
  }

  @Test
  void whatTurnsOutToBeNoStopIsTold() {
    StopTexts stops = new StopTexts(List.of("aab"));

    assertThat(stops.accept("aa")).isEmpty();
    assertThat(stops.accept("a")).isEqualTo("a");
    assertThat(stops.accept("c")).isEqualTo("aac");
    assertThat(stops.accept("a")).isEmpty();
    assertThat(stops.end()).isEqualTo("a");
    assertThat(stops.stopped()).isFalse();
  }

  @Test
  void ofSeveralThatEndTogetherTheLongestCounts() {
    StopTexts stops = new StopTexts(List.of("d", "end"));

    assertThat(stops.accept("the end")).isEqualTo("the ");
  }

  @Test
  void piecesCutAnywhereGiveWhatAnExhaustiveSearchGives() {
    long seed = 20261121;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        stops.add(word(random, 1 + random.nextInt(4)));
      }
      String text = word(random, random.nextInt(20));
      StopTexts found = new StopTexts(stops);
      StringBuilder told = new StringBuilder();
      int begin = 0;
      while (begin < text.length()) {
        int end = Math.min(text.length(), begin + 1 + random.nextInt(5));
        told.append(found.accept(text.substring(begin, end)));
        assertThat(expected(text, stops)).as("seed %d, round %d", seed, round).startsWith(told);
        begin = end;
      }
      told.append(found.end());
      assertThat(told)
          .as("seed %d, round %d: %s in %s", seed, round, stops, text)
          .hasToString(expected(text, stops));
    }
  }

  private static String word(SplittableRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  private static String expected(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String beginning = text.substring(0, end);
      int longest =
          stops.stream().filter(beginning::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return text.substring(0, end - longest);
      }
    }
    return text;
  }

  @Test
  void anEmptyStopIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StopTexts(List.of("a", "")))
        .withMessageContaining("must not be empty");
  }
}
