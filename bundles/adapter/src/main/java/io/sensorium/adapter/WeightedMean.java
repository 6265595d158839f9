package io.sensorium.adapter;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Optional;

/** The mean of float32 tensors of one shape. One thread at a time. */
final class WeightedMean {
  private final String name;
  private Optional<Shape> shape = Optional.empty();
  private double[] sum = {};
  private int weights;

  /**
   * @param name of what is averaged, for errors
   */
  WeightedMean(String name) {
    this.name = name;
  }

  /**
   * Adds a tensor, which is borrowed.
   *
   * @throws IllegalArgumentException if it is of another shape than those before it
   */
  void add(Tensor tensor, int weight) {
    FloatBuffer values = tensor.asFloats();
    if (shape.isEmpty()) {
      shape = Optional.of(tensor.shape());
      sum = new double[values.remaining()];
    } else if (!shape.get().equals(tensor.shape())) {
      throw new IllegalArgumentException(
          "%s must be of one shape; got %s and %s".formatted(name, shape.get(), tensor.shape()));
    }
    for (int at = 0; at < sum.length; at++) {
      sum[at] += (double) weight * values.get(values.position() + at);
    }
    weights += weight;
  }

  /** The mean; empty if nothing was added. */
  Optional<Tensor> result() {
    float[] mean = new float[sum.length];
    for (int at = 0; at < mean.length; at++) {
      mean[at] = (float) (sum[at] / weights);
    }
    return shape.map(found -> Tensor.ofFloats(found, mean));
  }
}
