package io.sensorium.runtime.onnx;

import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;
import java.util.function.Supplier;

/**
 * Opens what fits into memory. Thread-safe.
 *
 * @param engine opens what was admitted
 * @param ledger says what fits
 * @param device that ONNX graphs run on; other runtimes are counted on the CPU
 * @param items in one run, that activations are reserved for
 */
record AdmittingEngine(GraphEngine engine, MemoryLedger ledger, Supplier<Device> device, int items)
    implements GraphEngine {
  @Override
  public GraphSession open(ModelGraph graph) {
    boolean onnx = graph.manifest().runtime().equals(GraphManifest.ONNX);
    MemoryLedger.Reservation reservation =
        ledger.reserve(
            onnx ? device.get() : Device.CPU, graph.toString(), MemoryNeed.of(graph, items));
    boolean opened = false;
    try {
      GraphSession session = new AdmittedSession(engine.open(graph), reservation);
      opened = true;
      return session;
    } finally {
      if (!opened) {
        reservation.close();
      }
    }
  }
}
