package io.sensorium.repository;

import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads any element type as double-precision numbers, for comparisons. */
final class TensorValues {
  // Constants: a layout that is made for each element costs more than to read it.
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private TensorValues() {}

  static double[] of(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(tensor, (long) i * tensor.type().bytes());
    }
    return values;
  }

  private static double value(Tensor tensor, long offset) {
    MemorySegment data = tensor.data();
    return switch (tensor.type()) {
      case FLOAT32 -> data.get(FLOAT, offset);
      case FLOAT64 -> data.get(DOUBLE, offset);
      case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, offset));
      case BFLOAT16 -> Float.intBitsToFloat(data.get(SHORT, offset) << 16);
      case INT64 -> data.get(LONG, offset);
      case INT32 -> data.get(INT, offset);
      case INT8 -> data.get(ValueLayout.JAVA_BYTE, offset);
      case UINT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    };
  }
}
