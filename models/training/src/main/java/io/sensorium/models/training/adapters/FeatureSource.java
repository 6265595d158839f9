package io.sensorium.models.training.adapters;

/** Features of numbered media. One thread at a time. */
public interface FeatureSource {
  /** The sizes of an item's features. */
  FeatureShape shape();

  /**
   * Writes {@code shape().values()} numbers of one item: all token states, then the embedding.
   *
   * @param target receives them from {@code offset} on
   */
  void read(int medium, float[] target, int offset);
}
