package io.sensorium.language.text;

import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of a prompt that one {@link io.sensorium.api.language.Extension} can bring, or several one
 * after another. Immutable.
 *
 * @param tokens at least one; {@code -1 - r} stands for row {@code r} of the media
 * @param media {@code float32[rows, width]}, borrowed; empty if only tokens of the vocabulary come
 */
public record PromptSegment(List<Integer> tokens, Optional<Tensor> media) {
  public PromptSegment {
    Objects.requireNonNull(media, "media");
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("at least one token is required; got none");
    }
  }
}
