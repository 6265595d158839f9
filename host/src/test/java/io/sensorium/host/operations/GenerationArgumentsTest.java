package io.sensorium.host.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sensorium.host.operations.GenerationArguments.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationArgumentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void aQuestionWithoutWordsIsRefused(String question) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Words(null, null, question, null))
        .withMessage("a question must not be blank");
  }

  @Test
  void aTextMayBeASpaceBecauseThatIsAToken() {
    assertThat(new Words(" ", null, null, null).text()).isEqualTo(" ");
  }
}
