package io.sensorium.runtime.onnx;

import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import java.util.Locale;

/**
 * What a session will take. Immutable.
 *
 * @param weightBytes of its weights once loaded
 * @param workingBytes of its activations
 * @param items that the activations are for
 */
record MemoryNeed(long weightBytes, long workingBytes, int items) {
  private static final double MEBI = 1 << 20;

  /**
   * ONNX Runtime's arena takes more than the values that exist at once: 1.6 times that for ViT-B/32
   * in batches of 8 and of 32.
   */
  private static final int ARENA = 2;

  /**
   * By the package's own plan; where it has none, the size of its files.
   *
   * @param items in one run
   */
  static MemoryNeed of(ModelGraph graph, int items) {
    GraphMemory memory = graph.manifest().memory().orElseGet(() -> files(graph));
    return new MemoryNeed(
        memory.weightBytes(),
        Math.multiplyExact((long) ARENA * items, memory.workingBytes()),
        items);
  }

  private static GraphMemory files(ModelGraph graph) {
    long bytes = graph.model().manifest().files().stream().mapToLong(ModelFile::bytes).sum();
    return new GraphMemory(0, bytes, 0);
  }

  long bytes() {
    return Math.addExact(weightBytes, workingBytes);
  }

  /** For instance {@code 812.3 MiB (weights 580.1 MiB, activations of 32 items 232.2 MiB)}. */
  @Override
  public String toString() {
    return "%s (weights %s, activations of %d items %s)"
        .formatted(mebibytes(bytes()), mebibytes(weightBytes), items, mebibytes(workingBytes));
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MEBI);
  }
}
