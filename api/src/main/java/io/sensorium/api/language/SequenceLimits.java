package io.sensorium.api.language;

/**
 * What a model is opened for. Immutable.
 *
 * @param sequences that live at once, at least 1; memory for all of them is taken when it opens
 * @param contextLength tokens of the longest, at least 1; cut to what the model was made for
 * @param adaptable whether sequences may have {@linkplain SequenceAdditions additions}, for which
 *     every token takes a little longer, also without any
 */
public record SequenceLimits(int sequences, int contextLength, boolean adaptable) {
  public SequenceLimits {
    if (sequences < 1 || contextLength < 1) {
      throw new IllegalArgumentException(
          "at least 1 sequence of at least 1 token is required; got %d of %d"
              .formatted(sequences, contextLength));
    }
  }

  /** For the model as it is. */
  public SequenceLimits(int sequences, int contextLength) {
    this(sequences, contextLength, false);
  }
}
