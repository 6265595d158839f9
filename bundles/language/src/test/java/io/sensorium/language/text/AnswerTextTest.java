package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.language.Prompt;
import io.sensorium.language.decoding.StopCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is told of an answer. */
class AnswerTextTest {
  private static final Prompt CHAT = Prompt.question("?");

  private static String told(AnswerText answer, List<Integer> tokens) {
    StringBuilder all = new StringBuilder();
    for (int token : tokens) {
      all.append(answer.accept(token));
    }
    return all.append(answer.end()).toString();
  }

  @Test
  void aStopAcrossTokensEndsIt() {
    try (ModelText text =
        ModelText.open(TextPackages.of(TextPackages.LM_DEFAULT), TextPackages.LM_DEFAULT_SIZE)) {
      List<Integer> tokens = text.encode("Three red bells. And more");
      AnswerText answer = text.answer(CHAT, Optional.empty(), List.of("s. A"));

      assertThat(told(answer, tokens)).isEqualTo("Three red bell");
      assertThat(answer.stopped()).isTrue();
    }
  }

  /** Beams fork a text at any token, in the middle of characters and of stop texts. */
  @Test
  void aForkStopsWhereTheWholeTextHasTheStop() {
    List<String> stops = List.of("s. A", "é", "ll", "bb");
    try (ModelText text =
        ModelText.open(TextPackages.of(TextPackages.LM_DEFAULT), TextPackages.LM_DEFAULT_SIZE)) {
      long seed = System.nanoTime();
      System.out.println("seed " + seed);
      SplittableRandom random = new SplittableRandom(seed);
      List<Integer> usual = text.encode("Three bélls. And small ones. Abba bells. é");
      int stopped = 0;
      for (int round = 0; round < 200; round++) {
        StopCondition stop = text.answer(CHAT, Optional.empty(), stops).stop();
        List<Integer> tokens = new ArrayList<>();
        boolean over = false;
        while (!over && tokens.size() < 20) {
          stop.fork().accept(usual.get(random.nextInt(usual.size())));
          stop = random.nextBoolean() ? stop.fork() : stop;
          int token = usual.get(random.nextInt(usual.size()));
          tokens.add(token);
          over = stop.accept(token);
          String whole = told(text.answer(CHAT, Optional.empty(), List.of()), tokens);
          assertThat(over)
              .as("'%s', seed %d", whole, seed)
              .isEqualTo(stops.stream().anyMatch(whole::contains));
        }
        stopped += over ? 1 : 0;
      }
      assertThat(stopped).isBetween(20, 200);
    }
  }

  @Test
  void theFirstWordsSpaceIsToldAfterARawPromptAlone() {
    try (ModelText text =
        ModelText.open(TextPackages.of(TextPackages.TOKENIZERS.resolve("siglip")), 400)) {
      List<Integer> tokens = text.encode("a b");

      assertThat(told(text.answer(CHAT, Optional.empty(), List.of()), tokens)).isEqualTo("a b");
      assertThat(told(text.answer(Prompt.of("x"), Optional.empty(), List.of()), tokens))
          .isEqualTo(" a b");
    }
  }
}
