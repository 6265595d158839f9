package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    table.enter(this);
    boolean finished = false;
    try {
      TensorChecks.requireInputs(entry.key(), inputs(), inputs);
      Map<String, Tensor> outputs = entry.session().run(inputs, context);
      finished = true;
      return outputs;
    } finally {
      table.leave(this, finished);
    }
  }

  @Override
  public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {
    table.enter(this);
    boolean finished = false;
    try {
      TensorChecks.requireInputs(entry.key(), inputs(), inputs);
      TensorChecks.requireOutputs(entry.key(), outputs(), outputs);
      entry.session().run(inputs, outputs, context);
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
