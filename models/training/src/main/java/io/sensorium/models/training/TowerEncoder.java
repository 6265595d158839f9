package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/** Runs a tower with given parameters over items, in float32. One thread at a time. */
final class TowerEncoder implements AutoCloseable {
  private final TowerShape shape;
  private final TorchModule module;
  private final List<NDArray> parameters = new ArrayList<>();

  /**
   * Gives unit rows of the shared space.
   *
   * @param values the tower's parameters in {@link TowerParameters}' order; what follows them is
   *     ignored
   */
  TowerEncoder(TowerShape shape, List<Parameter> values) {
    this(shape, TowerScript.encoder(shape), values);
  }

  private TowerEncoder(TowerShape shape, byte[] script, List<Parameter> values) {
    this.shape = shape;
    module = new TorchModule(script);
    for (Parameter value : values.subList(0, TowerParameters.count(shape))) {
      NDArray array = module.array(value.values(), value.shape());
      array.setName("parameters[]");
      parameters.add(array);
    }
  }

  /**
   * Gives of each item {@link TowerShape#features}: what the tower says of it before its last
   * block, and then its unit row.
   *
   * @param values as of {@link #TowerEncoder(TowerShape, List)}
   */
  static TowerEncoder ofFeatures(TowerShape shape, List<Parameter> values) {
    return new TowerEncoder(shape, TowerScript.features(shape), values);
  }

  /** Encodes {@code count} images given as byte planes, one after another. */
  float[] encode(byte[] pixels, int count) {
    return encode(module.bytes(pixels, count, shape.channels(), shape.rows(), shape.columns()));
  }

  /** Encodes {@code count} spectrograms given as {@code rows x columns} floats. */
  float[] encode(float[] spectrograms, int count) {
    return encode(module.array(spectrograms, count, shape.rows(), shape.columns()));
  }

  private float[] encode(NDArray input) {
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
