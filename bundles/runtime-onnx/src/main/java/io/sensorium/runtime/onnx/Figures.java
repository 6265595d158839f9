package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.MemoryAmounts;
import java.util.Locale;
import java.util.StringJoiner;

/** Amounts of memory in words. */
final class Figures {
  private static final double MEBI = 1 << 20;

  private Figures() {}

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MEBI);
  }

  /** For instance {@code 812.3 MiB (weights 580.1 MiB, activations 232.2 MiB)}. */
  static String of(MemoryAmounts amounts) {
    StringJoiner parts = new StringJoiner(", ", " (", ")").setEmptyValue("");
    amounts
        .bytes()
        .forEach(
            (kind, bytes) ->
                parts.add(kind.name().toLowerCase(Locale.ROOT) + " " + mebibytes(bytes)));
    return mebibytes(amounts.total()) + parts;
  }
}
