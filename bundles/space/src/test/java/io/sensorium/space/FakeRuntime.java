package io.sensorium.space;

import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.memory.MemoryReport;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.memory.SwapPlan;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.DeviceStatus;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.SessionStatus;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A runtime whose graphs answer [sum of values, package version, number of mask ones] an item, the
 * values as states, and which counts leases. A value of {@link #POISON} fails the run, one of
 * {@link #NOT_A_NUMBER} its row.
 */
final class FakeRuntime implements InferenceRuntime, MemoryLedger {
  static final float POISON = -666;
  static final float NOT_A_NUMBER = -777;

  final AtomicInteger openLeases = new AtomicInteger();
  final List<String> endedUnderALease = new CopyOnWriteArrayList<>();
  final List<Shape> runs = new CopyOnWriteArrayList<>();
  final List<String> retired = new CopyOnWriteArrayList<>();
  final Set<String> broken = ConcurrentHashMap.newKeySet();
  final Set<String> notNumbers = ConcurrentHashMap.newKeySet();

  /** Leases of each open session, which outlives them until it is retired. */
  final Map<String, AtomicInteger> sessions = new ConcurrentHashMap<>();

  final List<Reclaimable> holders = new CopyOnWriteArrayList<>();
  volatile int budget = Integer.MAX_VALUE;
  volatile boolean planning = true;
  volatile Runnable beforeRun = () -> {};

  @Override
  public SessionLease lease(ModelGraph model, RequestContext context) {
    if (broken.contains(model.toString())) {
      throw new ModelLoadException("damaged: " + model);
    }
    synchronized (sessions) {
      if (!sessions.containsKey(model.toString()) && sessions.size() >= budget) {
        throw new ResourceExhaustedException(model + " does not fit beside " + sessions.keySet());
      }
      sessions.computeIfAbsent(model.toString(), key -> new AtomicInteger()).incrementAndGet();
    }
    openLeases.incrementAndGet();
    return new FakeLease(model);
  }

  @Override
  public boolean retire(ModelGraph model, RequestContext context) {
    retired.add(model.toString());
    synchronized (sessions) {
      AtomicInteger leases = sessions.remove(model.toString());
      if (leases != null && leases.get() > 0) {
        endedUnderALease.add(model.toString());
      }
    }
    return true;
  }

  @Override
  public SwapPlan plan(List<ModelGraph> incoming, List<ModelGraph> outgoing) {
    synchronized (sessions) {
      long more = incoming.stream().filter(model -> !isOpen(model)).count();
      long less = outgoing.stream().filter(this::isOpen).count();
      return new SwapPlan(
          List.of(
              new SwapPlan.DevicePlan(
                  "cpu",
                  planning ? OptionalLong.of(budget) : OptionalLong.empty(),
                  sessions.size(),
                  more,
                  less,
                  0)));
    }
  }

  private boolean isOpen(ModelGraph model) {
    return sessions.containsKey(model.toString());
  }

  @Override
  public Reservation reserve(MemoryRequest request, RequestContext context) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean fits(String device, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MemoryReport report() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SessionStatus> sessions() {
    return List.of();
  }

  @Override
  public List<DeviceStatus> devices() {
    return List.of();
  }

  @Override
  public String configuredDevice() {
    return "cpu";
  }

  private final class FakeLease implements SessionLease {
    private final ModelGraph model;
    private boolean closed;
    private volatile Reclaimable holder;

    private FakeLease(ModelGraph model) {
      this.model = model;
    }

    @Override
    public void reclaimableBy(Reclaimable reclaimable) {
      holders.add(reclaimable);
      holder = reclaimable;
    }

    @Override
    public List<TensorSpec> inputs() {
      return model.manifest().inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
      return model.manifest().outputs();
    }

    @Override
    public String executionProvider() {
      return "FakeExecutionProvider";
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context) {
      long rows = inputs.get(FakeModel.VALUES).shape().dimension(0);
      Tensor output = Tensor.allocate(ElementType.FLOAT32, Shape.of(rows, width()));
      fill(inputs, output);
      Tensor values = inputs.get(FakeModel.VALUES);
      Shape states = Shape.of(rows, values.shape().dimension(1), 1);
      return Map.of(
          FakeModel.OUTPUT,
          output,
          FakeModel.STATES,
          Tensor.of(values.type(), states, values.data()));
    }

    @Override
    public void run(
        Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {
      context.check("running");
      runs.add(inputs.get(FakeModel.VALUES).shape());
      beforeRun.run();
      fill(inputs, outputs.get(FakeModel.OUTPUT));
    }

    private int width() {
      return (int) outputs().getFirst().shape().dimension(1);
    }

    private void fill(Map<String, Tensor> inputs, Tensor output) {
      synchronized (this) {
        if (closed) {
          throw new IllegalStateException("the lease is closed");
        }
      }
      FloatBuffer values = inputs.get(FakeModel.VALUES).asFloats();
      Tensor mask = inputs.get(FakeModel.MASK);
      Shape shape = mask.shape();
      for (int row = 0; row < shape.dimension(0); row++) {
        float sum = 0;
        float ones = 0;
        for (int column = 0; column < shape.dimension(1); column++) {
          int at = (int) (row * shape.dimension(1)) + column;
          if (values.get(at) == POISON) {
            throw new InferenceException("poisoned");
          }
          boolean isNone = values.get(at) == NOT_A_NUMBER || notNumbers.contains(model.toString());
          sum += isNone ? Float.NaN : values.get(at);
          ones += mask.asLongs().get(at);
        }
        output.asFloats().put(row * width(), sum);
        output
            .asFloats()
            .put(row * width() + 1, Integer.parseInt(model.model().manifest().version()));
        output.asFloats().put(row * width() + 2, ones);
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        openLeases.decrementAndGet();
        AtomicInteger leases = FakeRuntime.this.sessions.get(model.toString());
        if (leases != null) {
          leases.decrementAndGet();
        }
        if (holder != null) {
          holders.remove(holder);
        }
      }
    }
  }
}
