package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Converts between the types that weights are published in. */
final class FloatTensors {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FloatTensors() {}

  /** A float32, float16 or bfloat16 tensor as float32; itself if it is that. */
  static Tensor widen(Tensor tensor) {
    if (tensor.type() == ElementType.FLOAT32) {
      return tensor;
    }
    Tensor wide = Tensor.allocate(ElementType.FLOAT32, tensor.shape());
    for (long i = 0; i < tensor.shape().elements(); i++) {
      short half = tensor.data().get(SHORT, i * Short.BYTES);
      wide.data().set(FLOAT, i * Float.BYTES, value(half, tensor.type()));
    }
    return wide;
  }

  private static float value(short half, ElementType type) {
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat(half);
      case BFLOAT16 -> Float.intBitsToFloat(half << 16);
      default -> throw new IllegalArgumentException("not a float tensor: " + type);
    };
  }
}
