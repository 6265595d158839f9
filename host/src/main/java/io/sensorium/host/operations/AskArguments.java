package io.sensorium.host.operations;

import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.GenerationArguments.Manner;
import java.util.List;
import java.util.Objects;

/**
 * A question to a language model. Immutable; travels as JSON.
 *
 * @param model the language model's id
 * @param media files that the question is about, in the order in which the model shall read them
 * @param question at least one word
 * @param manner how the answer is made
 */
public record AskArguments(String model, List<Item> media, String question, Manner manner) {
  public AskArguments {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(manner, "manner");
    media = List.copyOf(media);
    GenerationArguments.requireWellFormed("a question", question);
    if (question.isBlank()) {
      throw new IllegalArgumentException("a question must not be blank");
    }
  }
}
