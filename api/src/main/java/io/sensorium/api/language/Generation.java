package io.sensorium.api.language;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A text that a model made. Immutable.
 *
 * @param text without special tokens and without the stop text
 * @param tokenIds every token made, one that ended the text included
 * @param model the package that spoke, for instance {@code lm-default 1.0.0}
 * @param promptTokens places that the prompt took, media rows included
 * @param finishReason why it ended
 * @param scores one a token if log-probabilities were asked for, else none
 * @param prefillTime from the first to the last run over the prompt
 * @param decodeTime from then to the last token
 */
public record Generation(
    String text,
    List<Integer> tokenIds,
    String model,
    int promptTokens,
    FinishReason finishReason,
    List<TokenScore> scores,
    Duration prefillTime,
    Duration decodeTime) {
  public Generation {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(finishReason, "finishReason");
    Objects.requireNonNull(prefillTime, "prefillTime");
    Objects.requireNonNull(decodeTime, "decodeTime");
    tokenIds = List.copyOf(tokenIds);
    scores = List.copyOf(scores);
  }

  /** Tokens that followed the first one, a second; 0 if none did. */
  public double tokensPerSecond() {
    double seconds = decodeTime.toNanos() / 1e9;
    return seconds > 0 && tokenIds.size() > 1 ? (tokenIds.size() - 1) / seconds : 0;
  }
}
