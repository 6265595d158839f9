package io.sensorium.language.text;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects a prompt's tokens and media rows, within the model's limits. One thread at a time. */
final class PromptWriter {
  private final PromptLimits limits;
  private final List<PromptSegment> segments = new ArrayList<>();
  private List<Integer> tokens = new ArrayList<>();
  private Optional<Tensor> media = Optional.empty();
  private long places;

  PromptWriter(PromptLimits limits) {
    this.limits = limits;
  }

  /** Appends ids, which must be the vocabulary's. */
  void tokens(List<Integer> ids) {
    for (int id : ids) {
      if (id < 0 || id >= limits.vocabularySize()) {
        throw new IllegalArgumentException(
            "a prompt's token ids must be in 0..%d; found %d (model %s)"
                .formatted(limits.vocabularySize() - 1, id, limits.model()));
      }
    }
    grow(ids.size());
    tokens.addAll(ids);
  }

  /** Appends the rows of a medium, in order. */
  void media(String sense, Tensor rows) {
    requireRows(sense, rows);
    if (media.isPresent()) {
      endSegment();
    }
    grow(rows.shape().dimension(0));
    media = Optional.of(rows);
    for (int row = 0; row < rows.shape().dimension(0); row++) {
      tokens.add(-1 - row);
    }
  }

  private void requireRows(String sense, Tensor rows) {
    if (limits.mediaWidth() == 0) {
      throw new IllegalArgumentException(
          "model %s reads no media; the prompt has %s (%s)".formatted(limits.model(), sense, rows));
    }
    boolean fits =
        rows.type() == ElementType.FLOAT32
            && rows.shape().rank() == 2
            && rows.shape().dimension(0) > 0
            && rows.shape().dimension(1) == limits.mediaWidth();
    if (!fits) {
      throw new IllegalArgumentException(
          "a prompt's media must be float32[rows,%d] with at least one row; %s is %s (model %s)"
              .formatted(limits.mediaWidth(), sense, rows, limits.model()));
    }
  }

  private void grow(long more) {
    places += more;
    if (places > limits.contextLength()) {
      throw limits.tooLong(places + " places or more");
    }
  }

  private void endSegment() {
    if (!tokens.isEmpty()) {
      segments.add(new PromptSegment(tokens, media));
    }
    tokens = new ArrayList<>();
    media = Optional.empty();
  }

  /**
   * The prompt.
   *
   * @throws IllegalArgumentException if nothing was written
   */
  PromptTokens prompt() {
    endSegment();
    if (segments.isEmpty()) {
      throw new IllegalArgumentException(
          "a prompt must have at least one token; got an empty one (model %s)"
              .formatted(limits.model()));
    }
    return new PromptTokens(segments);
  }
}
