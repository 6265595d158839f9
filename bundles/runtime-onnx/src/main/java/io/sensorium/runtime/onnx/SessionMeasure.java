package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Compares one session with its plan: what the process holds before and after it opens, and before
 * and after each run that is larger than all before it, and the next one of that size: ONNX Runtime
 * learns from a shape's first run how to lay its values out in one block. Only steps that nothing
 * else disturbed count. Thread-safe.
 *
 * <p>Weights count as measured once the first run has touched them. Activations count as measured,
 * scaled to the planned number of items, once a run was a fair part of that and inputs grow with
 * their number alone; from smaller runs and from sequences of any length, only upward.
 */
final class SessionMeasure {
  /** How long an opening waits for others at most, so that each can be measured. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The part of its request's time that an opening spends on that at most: it has to open too. */
  private static final int WAITING_PART = 2;

  /** The files of smaller packages are not worth looking for in main memory. */
  private static final long MAPPED_BYTES = 1 << 20;

  /** A run of this part of the planned items tells what all of them take. */
  private static final int FAIR_PART = 4;

  private final Tools tools;
  private final ModelGraph graph;
  private final Device device;
  private final MemoryAmounts planned;
  private final Reservation reservation;
  private final Optional<MemoryAmounts> known;
  private final LargestRuns largestRuns = new LargestRuns();

  // Guarded by this.
  private boolean openingSeen;
  private boolean allRunsSeen = true;
  private long weights;
  private long activations;

  /**
   * What sessions are measured with.
   *
   * @param meter reads what native code holds
   * @param quiet knows what may have been disturbed
   * @param kept the figures of earlier sessions
   * @param items in one run, that activations are planned for
   */
  record Tools(NativeMeter meter, QuietTime quiet, MeasuredMemory kept, int items) {
    /** What to count for a graph: its plan, or what it was measured to take. */
    MemoryAmounts expected(ModelGraph graph, Device device, MemoryAmounts planned) {
      return kept.of(name(graph, device), planned).orElse(planned);
    }

    private static String name(ModelGraph graph, Device device) {
      return "%s on %s".formatted(graph, device);
    }
  }

  SessionMeasure(
      Tools tools,
      ModelGraph graph,
      Device device,
      MemoryAmounts planned,
      Reservation reservation) {
    this.tools = tools;
    this.graph = graph;
    this.device = device;
    this.planned = planned;
    this.reservation = reservation;
    this.known = tools.kept().of(Tools.name(graph, device), planned);
  }

  /**
   * Opens the session and sees what that takes, unless it is known from another time.
   *
   * @param context of the request that waits for it
   */
  GraphSession open(Supplier<GraphSession> opening, RequestContext context) {
    Duration patience = known.isEmpty() ? patience(context) : Duration.ZERO;
    try (QuietTime.Step step = tools.quiet().begin(patience)) {
      Optional<NativeMeter.Reading> before = known.isEmpty() ? read() : Optional.empty();
      GraphSession session = opening.get();
      boolean seen = false;
      try {
        if (known.isPresent()) {
          opened(known.get().of(MemoryKind.WEIGHTS));
        } else if (before.isPresent()) {
          Optional<NativeMeter.Reading> after = read();
          if (step.isAlone() && after.isPresent()) {
            opened(after.get().bytes() - before.get().bytes());
          }
        }
        seen = true;
        return session;
      } finally {
        if (!seen) {
          session.close();
        }
      }
    }
  }

  private static Duration patience(RequestContext context) {
    long nanos = Math.max(0, context.remainingNanos()) / WAITING_PART;
    return Duration.ofNanos(Math.min(PATIENCE.toNanos(), nanos));
  }

  private Optional<NativeMeter.Reading> read() {
    long bytes = graph.model().manifest().files().stream().mapToLong(ModelFile::bytes).sum();
    boolean mapped = known.isEmpty() && bytes >= MAPPED_BYTES;
    return tools
        .meter()
        .read(device, mapped ? Optional.of(graph.model().folder()) : Optional.empty());
  }

  /** Runs, and sees what that takes if no run before it, or only one, was as large. */
  <R> R run(Map<String, Tensor> inputs, Supplier<R> running) {
    long size = inputs.values().stream().mapToLong(tensor -> tensor.shape().elements()).sum();
    if (!largestRuns.add(size)) {
      return running.get();
    }
    try (QuietTime.Step step = tools.quiet().begin(Duration.ZERO)) {
      Optional<NativeMeter.Reading> first = read();
      R result = running.get();
      Optional<NativeMeter.Reading> last = read();
      if (step.isAlone() && first.isPresent() && last.isPresent()) {
        ran(first.get(), last.get(), items(inputs));
      } else {
        missed();
      }
      return result;
    }
  }

  /** Closes what is measured, which spoils what is measured beside it. */
  void close(Runnable closing) {
    tools.quiet().disturb(closing);
  }

  private synchronized void opened(long bytes) {
    openingSeen = true;
    weights = Math.max(0, bytes);
    reservation.measured(
        MemoryKind.WEIGHTS, weights, Math.max(counted(MemoryKind.WEIGHTS), weights));
  }

  private synchronized void missed() {
    allRunsSeen = false;
  }

  private synchronized void ran(NativeMeter.Reading first, NativeMeter.Reading last, long items) {
    weights += Math.max(0, last.mappedBytes() - first.mappedBytes());
    activations += Math.max(0, last.allocatedBytes() - first.allocatedBytes());
    if (openingSeen) {
      reservation.measured(MemoryKind.WEIGHTS, weights, weights);
    }
    reservation.measured(MemoryKind.ACTIVATIONS, activations, expectedActivations(items));
    if (openingSeen && allRunsSeen) {
      tools.kept().keep(Tools.name(graph, device), planned, reservation.amounts());
    }
  }

  private long expectedActivations(long items) {
    long expected = activations * Math.max(1, tools.items() / Math.max(1, items));
    boolean fair = items * FAIR_PART >= tools.items() && growsWithItemsAlone() && allRunsSeen;
    return fair ? expected : Math.max(counted(MemoryKind.ACTIVATIONS), activations);
  }

  private long counted(MemoryKind kind) {
    return reservation.amounts().of(kind);
  }

  private boolean growsWithItemsAlone() {
    return graph.manifest().inputs().stream()
        .map(input -> input.shape())
        .allMatch(
            shape -> {
              for (int axis = 1; axis < shape.rank(); axis++) {
                if (shape.dimension(axis) == Shape.DYNAMIC) {
                  return false;
                }
              }
              return true;
            });
  }

  private static long items(Map<String, Tensor> inputs) {
    return inputs.values().stream()
        .map(Tensor::shape)
        .filter(shape -> shape.rank() > 0)
        .mapToLong(shape -> shape.dimension(0))
        .max()
        .orElse(1);
  }
}
