package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Finds NaN and infinity, which no trained weight holds. */
final class FiniteCheck {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int FLOAT32_EXPONENT = 0x7f80_0000;
  private static final int FLOAT16_EXPONENT = 0x7c00;
  private static final int BFLOAT16_EXPONENT = 0x7f80;

  private FiniteCheck() {}

  /** Answers whether every element of a float32, float16 or bfloat16 tensor is finite. */
  static boolean isFinite(Tensor tensor) {
    return switch (tensor.type()) {
      case FLOAT32 -> isFinite32(tensor.data());
      case FLOAT16 -> isFinite16(tensor.data(), FLOAT16_EXPONENT);
      case BFLOAT16 -> isFinite16(tensor.data(), BFLOAT16_EXPONENT);
      default -> throw new IllegalArgumentException("not a float tensor: " + tensor);
    };
  }

  private static boolean isFinite32(MemorySegment data) {
    int notFinite = 0;
    for (long offset = 0; offset < data.byteSize(); offset += Float.BYTES) {
      int exponent = data.get(INT, offset) & FLOAT32_EXPONENT;
      notFinite |= exponent == FLOAT32_EXPONENT ? 1 : 0;
    }
    return notFinite == 0;
  }

  private static boolean isFinite16(MemorySegment data, int exponentBits) {
    int notFinite = 0;
    for (long offset = 0; offset < data.byteSize(); offset += Short.BYTES) {
      int exponent = data.get(SHORT, offset) & exponentBits;
      notFinite |= exponent == exponentBits ? 1 : 0;
    }
    return notFinite == 0;
  }
}
