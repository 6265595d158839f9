package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import java.util.Map;

/**
 * What a session will take, before anybody has measured it.
 *
 * <p>ONNX Runtime takes activations from an arena ({@code bfc_arena.cc}) that asks the system for
 * regions which double in size and are not given back. The second run of a shape takes one block
 * for all values that exist at once, so that one region has to hold them, and those before it have
 * as much again.
 */
final class PlannedMemory {
  /** What is lost between values of different sizes: a quarter. */
  private static final int FRAGMENTS = 4;

  /** For every 256 bytes of a region the arena keeps a handle of 8. */
  private static final int HANDLES = 32;

  /** The arena's first regions, and what operators and their threads keep for themselves. */
  private static final long AT_LEAST = 4L << 20;

  private PlannedMemory() {}

  /**
   * By the package's own plan; where it has none, the size of its files. A decoder reads one chunk
   * of one prompt at a time, of which its plan is made; a step of all its sequences is less.
   *
   * @param items in one run of an encoder
   */
  static MemoryAmounts of(ModelGraph graph, int items) {
    GraphMemory memory = graph.manifest().memory().orElseGet(() -> files(graph));
    boolean generates = graph.model().manifest().task().equals(ModelManifest.GENERATION);
    long values = Math.multiplyExact(memory.workingBytes(), generates ? 1L : items);
    return new MemoryAmounts(
        Map.of(MemoryKind.WEIGHTS, memory.weightBytes(), MemoryKind.ACTIVATIONS, arena(values)));
  }

  private static GraphMemory files(ModelGraph graph) {
    long bytes = graph.model().manifest().files().stream().mapToLong(ModelFile::bytes).sum();
    return new GraphMemory(0, bytes, 0);
  }

  /** What an arena grows to for so many bytes at once. */
  private static long arena(long values) {
    if (values == 0) {
      return 0;
    }
    long block = Math.addExact(values, values / FRAGMENTS);
    long region = Long.highestOneBit(Math.multiplyExact(2, block - 1));
    long regions = Math.multiplyExact(2, region);
    return regions + regions / HANDLES + AT_LEAST;
  }
}
