package io.sensorium.api.language;

import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tokens to append to a sequence. Immutable.
 *
 * @param sequence that grows
 * @param tokens at least one; {@code -1 - r} stands for row {@code r} of the media
 * @param media {@code float32[rows, width]} with {@link LanguageModel#mediaWidth()} columns,
 *     borrowed; empty if only tokens of the vocabulary come
 * @param hiddenStates whether each token's hidden state is wanted beside the last one's logits
 */
public record Extension(
    Sequence sequence, List<Integer> tokens, Optional<Tensor> media, boolean hiddenStates) {
  public Extension {
    Objects.requireNonNull(sequence, "sequence");
    Objects.requireNonNull(media, "media");
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("at least one token is required; got none");
    }
  }

  /** Logits are all that is wanted. */
  public Extension(Sequence sequence, List<Integer> tokens, Optional<Tensor> media) {
    this(sequence, tokens, media, false);
  }

  /** Tokens of the vocabulary alone. */
  public Extension(Sequence sequence, List<Integer> tokens) {
    this(sequence, tokens, Optional.empty());
  }

  /** The rows of media that it brings. */
  public long rows() {
    return media.map(tensor -> tensor.shape().dimension(0)).orElse(0L);
  }
}
