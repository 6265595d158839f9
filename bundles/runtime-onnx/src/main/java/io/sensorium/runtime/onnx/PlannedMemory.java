package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import java.util.Map;

/** What a session will take, before anybody has measured it. */
final class PlannedMemory {
  /**
   * ONNX Runtime's arena takes more than the values that exist at once: 1.6 times that for ViT-B/32
   * in batches of 8 and of 32.
   */
  private static final int ARENA = 2;

  private PlannedMemory() {}

  /**
   * By the package's own plan; where it has none, the size of its files.
   *
   * @param items in one run
   */
  static MemoryAmounts of(ModelGraph graph, int items) {
    GraphMemory memory = graph.manifest().memory().orElseGet(() -> files(graph));
    return new MemoryAmounts(
        Map.of(
            MemoryKind.WEIGHTS,
            memory.weightBytes(),
            MemoryKind.ACTIVATIONS,
            Math.multiplyExact((long) ARENA * items, memory.workingBytes())));
  }

  private static GraphMemory files(ModelGraph graph) {
    long bytes = graph.model().manifest().files().stream().mapToLong(ModelFile::bytes).sum();
    return new GraphMemory(0, bytes, 0);
  }
}
