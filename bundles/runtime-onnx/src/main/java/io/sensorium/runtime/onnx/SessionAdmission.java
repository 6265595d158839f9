package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.memory.SwapPlan;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Opens what fits into memory. Thread-safe. */
final class SessionAdmission implements SessionOpener {
  private final GraphEngine engine;
  private final DeviceLedger ledger;
  private final Supplier<Device> device;
  private final SessionMeasure.Tools tools;
  private final Map<ModelKey, Reservation> open = new ConcurrentHashMap<>();

  /**
   * @param engine opens what was admitted
   * @param ledger says what fits
   * @param device that ONNX graphs run on; other runtimes are counted on the CPU
   * @param tools that sessions are measured with
   */
  SessionAdmission(
      GraphEngine engine,
      DeviceLedger ledger,
      Supplier<Device> device,
      SessionMeasure.Tools tools) {
    this.engine = engine;
    this.ledger = ledger;
    this.device = device;
    this.tools = tools;
  }

  @Override
  public GraphSession open(ModelGraph graph, SessionHolder holder, RequestContext context) {
    ModelKey key = ModelKey.of(graph);
    MemoryAmounts planned = PlannedMemory.of(graph, tools.items());
    Device place = device(graph);
    Reservation reservation =
        ledger.reserve(
            new MemoryRequest(
                place.toString(),
                graph.toString(),
                planned,
                tools.expected(graph, place, planned),
                Optional.of(holder)),
            context);
    boolean opened = false;
    try {
      open.put(key, reservation);
      SessionMeasure measure = new SessionMeasure(tools, graph, place, planned, reservation);
      GraphSession session =
          new AdmittedSession(
              measure.open(() -> engine.open(graph), context),
              measure,
              () -> giveBack(key, reservation));
      opened = true;
      return session;
    } finally {
      if (!opened) {
        giveBack(key, reservation);
      }
    }
  }

  private void giveBack(ModelKey key, Reservation reservation) {
    open.remove(key, reservation);
    reservation.close();
  }

  private Device device(ModelGraph graph) {
    boolean onnx = graph.manifest().runtime().equals(GraphManifest.ONNX);
    return onnx ? device.get() : Device.CPU;
  }

  /** How graphs would fit beside or instead of others. */
  SwapPlan plan(List<ModelGraph> incoming, List<ModelGraph> outgoing) {
    Set<ModelKey> coming = incoming.stream().map(ModelKey::of).collect(Collectors.toSet());
    Set<Reservation> leaving =
        outgoing.stream()
            .map(ModelKey::of)
            .filter(key -> !coming.contains(key))
            .map(open::get)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    Map<String, Long> needs = new TreeMap<>();
    for (ModelGraph graph : incoming) {
      boolean there = open.containsKey(ModelKey.of(graph));
      MemoryAmounts planned = PlannedMemory.of(graph, tools.items());
      long bytes = there ? 0 : tools.expected(graph, device(graph), planned).total();
      needs.merge(device(graph).toString(), bytes, Math::addExact);
    }
    return new SwapPlan(
        needs.entrySet().stream()
            .map(need -> ledger.plan(Device.parse(need.getKey()), need.getValue(), leaving))
            .toList());
  }
}
