package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.adapters.FeatureShape;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tower says of items before its last block, and its unit rows, in float32. One thread at a
 * time.
 */
final class TowerFeatures implements AutoCloseable {
  private final TowerShape shape;
  private final TorchModule module;
  private final List<NDArray> parameters = new ArrayList<>();

  /**
   * @param values the tower's parameters in {@link TowerParameters}' order; what follows them is
   *     ignored
   */
  TowerFeatures(TowerShape shape, List<Parameter> values) {
    this.shape = shape;
    module = new TorchModule(TowerScript.features(shape));
    for (Parameter value : values.subList(0, TowerParameters.count(shape))) {
      NDArray array = module.array(value.values(), value.shape());
      array.setName("parameters[]");
      parameters.add(array);
    }
  }

  /** The sizes of an item's features. */
  static FeatureShape featuresOf(TowerShape shape) {
    return new FeatureShape(
        shape.tokens(),
        shape.specialTokens(),
        shape.patchRows(),
        shape.patchColumns(),
        shape.hidden(),
        shape.projection());
  }

  /** The features of {@code count} images given as byte planes, one after another. */
  float[] of(byte[] pixels, int count) {
    return of(module.bytes(pixels, count, shape.channels(), shape.rows(), shape.columns()));
  }

  /** The features of {@code count} spectrograms, one after another. */
  float[] of(float[] spectrograms, int count) {
    return of(module.array(spectrograms, count, shape.rows(), shape.columns()));
  }

  private float[] of(NDArray input) {
    try (input) {
      input.setName("input");
      var inputs = new ArrayList<>(parameters);
      inputs.add(input);
      return module.call(inputs);
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
