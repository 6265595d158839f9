package io.sensorium.host.operations;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What texts are asked for with. Immutable values that travel as JSON. */
public final class GenerationArguments {
  private GenerationArguments() {}

  /**
   * A text wanted of a language model.
   *
   * @param model its id
   */
  public record Generate(String model, Words prompt, Manner manner) {
    public Generate {
      Objects.requireNonNull(model, "model");
      Objects.requireNonNull(prompt, "prompt");
      Objects.requireNonNull(manner, "manner");
    }
  }

  /**
   * What to go on from: exactly one of text, ids and question.
   *
   * @param text to be continued as it stands; null for none
   * @param ids of tokens, taken as they are; null for none
   * @param question at least one word, asked through the model's chat template; null for none
   * @param system what the chat template is told first; null for nothing
   */
  public record Words(String text, List<Integer> ids, String question, String system) {
    public Words {
      long given = Stream.of(text, ids, question).filter(Objects::nonNull).count();
      if (given != 1) {
        throw new IllegalArgumentException(
            "a prompt must be one of text, token ids and a question; got " + given + " of them");
      }
      if (question != null && question.isBlank()) {
        throw new IllegalArgumentException("a question must not be blank");
      }
      if (system != null && question == null) {
        throw new IllegalArgumentException("words to the system need a question");
      }
      requireWellFormed("a prompt", text);
      requireWellFormed("a question", question);
      requireWellFormed("words to the system", system);
      ids = ids == null ? null : List.copyOf(ids);
    }
  }

  /**
   * How the text is made: {@link DecodingOptions} as words.
   *
   * @param strategy a name and its settings, for instance {@code beam,width=4}
   * @param penalties on tokens that stand there already
   * @param logProbabilities alternatives wanted of each token; -1 for no log-probabilities
   * @param jsonSchema what the answer must satisfy; null for free text
   * @param adapter the low-rank adapter to speak with; null for none
   */
  public record Manner(
      String strategy,
      Penalties penalties,
      int maxTokens,
      boolean ignoreEnd,
      List<String> stops,
      boolean tokenHealing,
      int logProbabilities,
      String jsonSchema,
      String adapter) {
    public Manner {
      Objects.requireNonNull(strategy, "strategy");
      Objects.requireNonNull(penalties, "penalties");
      stops = new ArrayList<>(stops);
      stops.forEach(stop -> requireWellFormed("a stop text", stop));
      requireWellFormed("a schema", jsonSchema);
      stops = List.copyOf(stops);
    }

    /**
     * What the words mean.
     *
     * @throws IllegalArgumentException if there is no such strategy, or a value is out of its range
     */
    public DecodingOptions options() {
      return new DecodingOptions(
          DecodingStrategy.parse(strategy),
          new DecodingOptions.Penalties(
              penalties.repetition(), penalties.presence(), penalties.frequency()),
          maxTokens,
          ignoreEnd,
          stops,
          tokenHealing,
          logProbabilities,
          Optional.ofNullable(jsonSchema),
          Optional.ofNullable(adapter));
    }
  }

  /** See {@link DecodingOptions.Penalties}. */
  public record Penalties(double repetition, double presence, double frequency) {}

  /** Half of a surrogate pair cannot be sent, and no tokenizer reads it. */
  static void requireWellFormed(String what, String text) {
    if (text == null) {
      return;
    }
    int[] lone =
        text.codePoints()
            .filter(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
            .toArray();
    if (lone.length > 0) {
      throw new IllegalArgumentException(
          "%s must be well-formed Unicode; found the unpaired surrogate U+%04X"
              .formatted(what, lone[0]));
    }
  }
}
