package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.language.Prompt;
import java.util.List;
import java.util.Optional;
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
