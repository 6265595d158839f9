package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads a stored tensor piece by piece as float32. One thread at a time. */
final class WeightReader {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment data;
  private final ElementType type;
  private final short[] halves;

  /**
   * @param most how many elements are read at once at most
   */
  WeightReader(Tensor tensor, int most) {
    this.data = tensor.data();
    this.type = tensor.type();
    this.halves = new short[type == ElementType.FLOAT32 ? 0 : most];
  }

  /** Reads {@code count} elements from number {@code first} on into the front of an array. */
  void read(long first, int count, float[] target) {
    if (type == ElementType.FLOAT32) {
      MemorySegment.copy(data, FLOAT, first * Float.BYTES, target, 0, count);
      return;
    }
    MemorySegment.copy(data, SHORT, first * Short.BYTES, halves, 0, count);
    for (int i = 0; i < count; i++) {
      target[i] =
          type == ElementType.FLOAT16
              ? Float.float16ToFloat(halves[i])
              : Float.intBitsToFloat(halves[i] << Short.SIZE);
    }
  }
}
