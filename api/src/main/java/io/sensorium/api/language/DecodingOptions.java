package io.sensorium.api.language;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a text is made. Immutable; begin with {@link #greedy}.
 *
 * @param strategy how the next token is chosen
 * @param penalties on tokens that stand there already
 * @param maxTokens tokens made at most, at least 1
 * @param ignoreEnd whether to go on where the model would end
 * @param stops texts before which the answer ends, wherever token borders fall; none empty
 * @param tokenHealing whether the prompt's last token may be replaced by a longer one that begins
 *     with it
 * @param logProbabilities how many of the most probable tokens to report for each one chosen; -1
 *     for no log-probabilities at all
 * @param jsonSchema what the answer must satisfy; empty for free text
 * @param adapter the low-rank adapter to speak with; empty for the model itself
 */
public record DecodingOptions(
    DecodingStrategy strategy,
    Penalties penalties,
    int maxTokens,
    boolean ignoreEnd,
    List<String> stops,
    boolean tokenHealing,
    int logProbabilities,
    Optional<String> jsonSchema,
    Optional<String> adapter) {
  public DecodingOptions {
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(penalties, "penalties");
    Objects.requireNonNull(jsonSchema, "jsonSchema");
    Objects.requireNonNull(adapter, "adapter");
    stops = List.copyOf(stops);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1; got " + maxTokens);
    }
    if (stops.contains("")) {
      throw new IllegalArgumentException("a stop text must not be empty");
    }
    if (logProbabilities < -1 || logProbabilities > 100) {
      throw new IllegalArgumentException(
          "logProbabilities must be in -1..100; got " + logProbabilities);
    }
  }

  /**
   * Corrections of logits, as transformers and the OpenAI interface define them.
   *
   * @param repetition divides positive logits of tokens that stand in prompt or answer and
   *     multiplies negative ones, above 0; 1 for none. Keskar et al., "CTRL" (2019)
   * @param presence subtracted from the logits of tokens that stand in the answer; 0 for none
   * @param frequency subtracted as often as the token stands in the answer; 0 for none
   */
  public record Penalties(double repetition, double presence, double frequency) {
    public static final Penalties NONE = new Penalties(1, 0, 0);

    public Penalties {
      if (!(repetition > 0 && Double.isFinite(repetition + presence + frequency))) {
        throw new IllegalArgumentException(
            "penalties must be finite, that on repetition above 0; got %s, %s, %s"
                .formatted(repetition, presence, frequency));
      }
    }
  }

  /** The most probable tokens, at most so many. */
  public static DecodingOptions greedy(int maxTokens) {
    return new DecodingOptions(
        new DecodingStrategy.Greedy(),
        Penalties.NONE,
        maxTokens,
        false,
        List.of(),
        false,
        -1,
        Optional.empty(),
        Optional.empty());
  }
}
