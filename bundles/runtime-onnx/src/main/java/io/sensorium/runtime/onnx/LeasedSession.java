package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One lease. Its state is guarded by the table's lock. */
final class LeasedSession implements SessionLease {
  private final LeaseTable table;
  private final LeaseEntry entry;
  private final long takenNanos = System.nanoTime();
  private int activeRuns;
  private boolean closed;
  private volatile Reclaimable holder;

  LeasedSession(LeaseTable table, LeaseEntry entry) {
    this.table = table;
    this.entry = entry;
  }

  LeaseEntry entry() {
    return entry;
  }

  /** How long ago it was taken. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - takenNanos);
  }

  void runStarted() {
    activeRuns++;
  }

  void runEnded() {
    activeRuns--;
  }

  boolean isIdle() {
    return activeRuns == 0;
  }

  boolean isClosed() {
    return closed;
  }

  void markClosed() {
    closed = true;
  }

  @Override
  public void reclaimableBy(Reclaimable holder) {
    this.holder = holder;
  }

  /** Whoever can be asked to close this lease. */
  Optional<Reclaimable> holder() {
    return Optional.ofNullable(holder);
  }

  @Override
  public List<TensorSpec> inputs() {
    return entry.session().inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return entry.session().outputs();
  }

  @Override
  public String executionProvider() {
    return entry.session().executionProvider();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context) {
    AtomicReference<Map<String, Tensor>> outputs = new AtomicReference<>();
    during(
        () -> {
          TensorChecks.requireInputs(entry.key(), inputs(), inputs);
          outputs.set(entry.session().run(inputs, context));
        });
    return outputs.get();
  }

  @Override
  public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {
    during(
        () -> {
          TensorChecks.requireInputs(entry.key(), inputs(), inputs);
          TensorChecks.requireOutputs(entry.key(), outputs(), outputs);
          entry.session().run(inputs, outputs, context);
        });
  }

  @Override
  public Optional<ResidentSession> resident() {
    return entry.session().resident().map(session -> new LeasedResidence(this, session));
  }

  /** Counts as a run, which the session waits for before it closes. */
  void during(Runnable run) {
    table.enter(this);
    boolean finished = false;
    try {
      run.run();
      finished = true;
    } finally {
      table.leave(this, finished);
    }
  }

  @Override
  public void close() {
    table.release(this);
  }
}
