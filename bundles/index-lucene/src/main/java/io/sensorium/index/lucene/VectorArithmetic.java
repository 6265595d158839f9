package io.sensorium.index.lucene;

import java.lang.reflect.Field;
import org.apache.lucene.util.VectorUtil;

/** Tells on what code Lucene computes distances; Lucene itself only logs it. */
final class VectorArithmetic {
  private VectorArithmetic() {}

  /** The class that does the work, for instance {@code PanamaVectorUtilSupport}. */
  static String implementation() {
    try {
      Field field = VectorUtil.class.getDeclaredField("IMPL");
      field.setAccessible(true);
      return field.get(null).getClass().getSimpleName();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }

  /** Answers whether that is the Vector API. */
  static boolean isVectorised(String implementation) {
    return implementation.startsWith("Panama");
  }
}
