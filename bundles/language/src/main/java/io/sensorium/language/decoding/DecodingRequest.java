package io.sensorium.language.decoding;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A text wanted of a model, in the model's own terms. Immutable but for the constraint and the
 * stop, which are taken over.
 *
 * @param prompt token ids, at least one; {@code -1 - r} stands for row {@code r} of the media
 * @param media {@code float32[rows, width]}, borrowed until the decoding is closed; empty if the
 *     prompt has tokens of the vocabulary alone
 * @param options how the text is made; what is said of text and schemas there is another's business
 * @param endTokens with which the model ends a text; {@link DecodingOptions#ignoreEnd} makes them
 *     tokens like others
 * @param constraint what may follow, in the state after the prompt; empty for anything
 * @param stop what ends the text beside those tokens, in the state after the prompt; empty for
 *     nothing
 * @param unknownTokens that have logits and stand for nothing: they never come, and have no part in
 *     probabilities
 */
public record DecodingRequest(
    List<Integer> prompt,
    Optional<Tensor> media,
    DecodingOptions options,
    Set<Integer> endTokens,
    Optional<TokenConstraint> constraint,
    Optional<StopCondition> stop,
    Set<Integer> unknownTokens) {
  public DecodingRequest {
    Objects.requireNonNull(media, "media");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(constraint, "constraint");
    Objects.requireNonNull(stop, "stop");
    prompt = List.copyOf(prompt);
    endTokens = Set.copyOf(endTokens);
    unknownTokens = Set.copyOf(unknownTokens);
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("a prompt must have at least one token; got none");
    }
  }

  /** Every token stands for something. */
  public DecodingRequest(
      List<Integer> prompt,
      Optional<Tensor> media,
      DecodingOptions options,
      Set<Integer> endTokens,
      Optional<TokenConstraint> constraint,
      Optional<StopCondition> stop) {
    this(prompt, media, options, endTokens, constraint, stop, Set.of());
  }

  /** Anything may follow words alone. */
  public DecodingRequest(List<Integer> prompt, DecodingOptions options, Set<Integer> endTokens) {
    this(prompt, Optional.empty(), options, endTokens, Optional.empty(), Optional.empty());
  }
}
