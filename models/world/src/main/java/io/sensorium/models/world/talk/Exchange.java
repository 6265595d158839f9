package io.sensorium.models.world.talk;

import java.util.Objects;

/**
 * A question and its only right answer. Immutable.
 *
 * @param question as a user might write it, never blank
 * @param answer a capital letter first and a full stop last
 */
public record Exchange(QuestionKind kind, String question, String answer) {

  public Exchange {
    Objects.requireNonNull(kind, "kind");
    if (question.isBlank() || !answer.endsWith(".")) {
      throw new IllegalArgumentException(
          "an exchange needs a question and an answer with a full stop; got '%s' and '%s'"
              .formatted(question, answer));
    }
  }

  /** Whether the media leave the answer open. */
  public boolean open() {
    return answer.equals(Answers.UNKNOWN);
  }
}
