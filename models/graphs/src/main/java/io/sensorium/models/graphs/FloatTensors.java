package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;

/** Tensors that are small enough to be computed with while a graph is written. */
final class FloatTensors {
  private FloatTensors() {}

  /** A float32, float16 or bfloat16 tensor as float32; itself if it is that. */
  static Tensor widen(Tensor tensor) {
    if (tensor.type() == ElementType.FLOAT32) {
      return tensor;
    }
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    new WeightReader(tensor, values.length).read(0, values.length, values);
    return Tensor.ofFloats(tensor.shape(), values);
  }
}
