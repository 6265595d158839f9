package io.sensorium.api.language;

/**
 * How many sequences a model is opened for. Immutable.
 *
 * @param sequences that live at once, at least 1; memory for all of them is taken when it opens
 * @param contextLength tokens of the longest, at least 1; cut to what the model was made for
 */
public record SequenceLimits(int sequences, int contextLength) {
  public SequenceLimits {
    if (sequences < 1 || contextLength < 1) {
      throw new IllegalArgumentException(
          "at least 1 sequence of at least 1 token is required; got %d of %d"
              .formatted(sequences, contextLength));
    }
  }
}
