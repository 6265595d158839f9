package io.sensorium.host.api;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.space.EncodeRequest;
import java.util.List;
import java.util.Objects;

/**
 * A question to a language model, about nothing or about media. Immutable.
 *
 * @param model the package that shall answer; its chat template writes the question down
 * @param media what it is about, in the order in which the model shall read it; an adapter must be
 *     installed for each of their modalities and that model
 * @param text the question
 * @param options how the answer is made
 */
public record Question(
    String model, List<EncodeRequest> media, String text, DecodingOptions options) {
  /** The language model that the host brings along. */
  public static final String DEFAULT_MODEL = "lm-default";

  private static final int USUAL_TOKENS = 64;

  public Question {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(options, "options");
    media = List.copyOf(media);
    if (text.isBlank()) {
      throw new IllegalArgumentException("a question must not be blank");
    }
  }

  /** A question to the default model, answered by its most probable words. */
  public static Question of(String text, EncodeRequest... media) {
    return new Question(DEFAULT_MODEL, List.of(media), text, DecodingOptions.greedy(USUAL_TOKENS));
  }
}
