package io.sensorium.api.model;

/**
 * What one graph takes, known before it is opened. Immutable.
 *
 * @param parameters how many numbers its weights are
 * @param weightBytes of its weights once they are loaded, which is more than in the file where a
 *     device widens them
 * @param workingBytes of activations that exist at once while it runs on one item, the longest that
 *     it takes
 */
public record GraphMemory(long parameters, long weightBytes, long workingBytes) {
  public GraphMemory {
    if (parameters < 0 || weightBytes < 0 || workingBytes < 0) {
      throw new IllegalArgumentException(
          "a graph's memory must not be negative; got %d parameters, %d and %d bytes"
              .formatted(parameters, weightBytes, workingBytes));
    }
  }
}
