package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.SwapPlan;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionAdmissionTest {
  private static final long MEBI = 1 << 20;
  private static final int ITEMS = 4;

  private final DeviceLedger ledger = new DeviceLedger(device -> 100 * MEBI, HolderPolicy.NONE);
  private final MeasuredMemory kept = new MeasuredMemory(Optional.empty());
  private NativeMeter meter = (device, files) -> Optional.empty();
  private SessionAdmission admission;

  @Test
  void aRefusalSaysWhatIsNeededWhatIsFreeAndWhoHasTheRest() {
    DeviceLedger pinning =
        new DeviceLedger(
            device -> 100 * MEBI, HolderPolicy.parse("first, other", "", Duration.ZERO));
    LeaseTable table = table(pinning, graph -> new Session());
    lease(table, graph("first", 80)).close();
    assertThatThrownBy(() -> lease(table, graph("second", 31, 3)))
        .isInstanceOfSatisfying(
            ResourceExhaustedException.class, e -> assertThat(e.retriable()).isTrue())
        .hasMessage(
            "second 1 needs 68.0 MiB (weights 31.0 MiB, activations 37.0 MiB) on cpu; 20.0 MiB of"
                + " the budget of 100.0 MiB are free: first 1 has 80.0 MiB (pinned)");
    assertThat(pinning.reservedBytes(Device.CPU)).isEqualTo(80 * MEBI);

    assertThat(table.retire(graph("first", 80), context())).isTrue();
    lease(table, graph("second", 31, 3)).close();
    assertThat(pinning.reservedBytes(Device.CPU)).isEqualTo(68 * MEBI);
  }

  @Test
  void whatCanNeverFitIsRefusedForGoodAtOnce() {
    LeaseTable table = table(graph -> new Session());
    lease(table, graph("first", 80)).close();
    assertThatThrownBy(() -> lease(table, graph("second", 64, 3)))
        .isInstanceOfSatisfying(
            ResourceExhaustedException.class, e -> assertThat(e.retriable()).isFalse())
        .hasMessage(
            "second 1 needs 101.0 MiB (weights 64.0 MiB, activations 37.0 MiB) on cpu, which is more"
                + " than the budget of 100.0 MiB");
    assertThat(table.statuses()).hasSize(1);
  }

  @Test
  void aSessionThatNobodyLeasesMakesRoom() {
    LeaseTable table = table(graph -> new Session());
    lease(table, graph("first", 80)).close();
    try (SessionLease second = lease(table, graph("second", 68))) {
      assertThat(second.executionProvider()).isEqualTo("none");
      assertThat(ledger.reservedBytes(Device.CPU)).isEqualTo(68 * MEBI);
    }
    lease(table, graph("first", 80)).close();
    assertThat(table.statuses()).singleElement().matches(s -> s.model().equals("first"));
  }

  @Test
  void aHolderIsAskedForItsLeaseAndTheNextLeaseOpensAnew() {
    LeaseTable table = table(graph -> new Session());
    SessionLease first = lease(table, graph("first", 80));
    Asked holder = new Asked(first::close);
    first.reclaimableBy(holder);
    lease(table, graph("second", 68)).close();
    assertThat(holder.times).hasValue(1);
    assertThat(table.statuses()).singleElement().matches(s -> s.model().equals("second"));

    lease(table, graph("first", 80)).close();
    assertThat(table.statuses()).singleElement().matches(s -> s.model().equals("first"));
  }

  @Test
  void whoLeasesWhatIsLeavingWaitsForItsMemoryAndOpensItAgain() throws Exception {
    LeaseTable table = table(graph -> new Session());
    ModelGraph graph = graph("first", 80);
    SessionLease first = lease(table, graph);
    first.reclaimableBy(new Asked(() -> {}));
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<SessionLease> second = threads.submit(() -> lease(table, graph("second", 28)));
      awaitLeaving();
      Future<SessionLease> again = threads.submit(() -> lease(table, graph));
      assertThat(second.isDone()).isFalse();
      first.close();
      second.get().close();
      again.get().close();
    }
    assertThat(table.statuses()).hasSize(1);
  }

  private void awaitLeaving() throws InterruptedException {
    while (ledger.report().getFirst().holdings().stream()
        .noneMatch(holding -> holding.state() == MemoryHolding.State.LEAVING)) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Test
  void anIdleSessionLeavesByItselfAndABusyOneStays() throws Exception {
    LeaseTable table = table(graph -> new Session());
    lease(table, graph("first", 18)).close();
    SessionLease second = lease(table, graph("second", 18));
    second.reclaimableBy(new Asked(second::close));
    SessionLease third = lease(table, graph("third", 18));
    ledger.reclaimIdle(Duration.ofHours(2));
    assertThat(table.statuses()).hasSize(3);
    try (IdleReclaim reclaim = new IdleReclaim(ledger, Duration.ofMillis(1))) {
      while (table.statuses().size() > 1) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertThat(reclaim).isNotNull();
    }
    assertThat(table.statuses()).singleElement().matches(s -> s.model().equals("third"));
    third.close();
  }

  @Test
  void aPlanSaysWhetherOldAndNewFitSideBySide() {
    LeaseTable table = table(graph -> new Session());
    ModelGraph old = graph("model", 60);
    SessionLease lease = lease(table, old);
    lease(table, graph("other", 10)).close();
    ModelGraph beside = graph("beside", 38);
    ModelGraph instead = graph("instead", 90);
    ModelGraph never = graph("never", 108);
    assertThat(admission.plan(List.of(beside), List.of(old)).swap()).contains(Swap.BLUE_GREEN);
    SwapPlan swap = admission.plan(List.of(instead), List.of(old));
    assertThat(swap.swap()).contains(Swap.DRAIN_AND_SWAP);
    assertThat(swap.devices())
        .containsExactly(
            new SwapPlan.DevicePlan(
                "cpu", OptionalLong.of(100 * MEBI), 70 * MEBI, 90 * MEBI, 60 * MEBI, 10 * MEBI));
    assertThat(admission.plan(List.of(never), List.of(old)).swap()).isEmpty();
    assertThat(admission.plan(List.of(old), List.of(old)).swap()).contains(Swap.BLUE_GREEN);
    assertThat(admission.plan(List.of(old), List.of(old)).devices().getFirst().incomingBytes())
        .isZero();
    lease.close();
  }

  /** Twice the region that holds 12 MiB and a quarter, its handles, and what is always there. */
  @Test
  void activationsArePlannedAsAnArenaThatDoubles() {
    assertThat(PlannedMemory.of(graph("x", 0, 3), ITEMS).total()).isEqualTo((32 + 1 + 4) * MEBI);
    assertThat(PlannedMemory.of(graph("x", 0, 3), 1).total()).isEqualTo((8 + 4) * MEBI + MEBI / 4);
    assertThat(PlannedMemory.of(graph("x", 1), ITEMS).total()).isEqualTo(MEBI);
  }

  @Test
  void aDecoderIsPlannedForOneChunkWhateverTheItems() {
    ModelGraph decoder = graph("x", ModelManifest.GENERATION, plan(0, 3));
    assertThat(PlannedMemory.of(decoder, 1_000)).isEqualTo(PlannedMemory.of(decoder, 1));
    assertThat(PlannedMemory.of(decoder, 1)).isEqualTo(PlannedMemory.of(graph("x", 0, 3), 1));
  }

  @Test
  void aPackageWithoutAPlanIsCountedByItsFiles() {
    assertThat(PlannedMemory.of(graph("x", "test", Optional.empty()), ITEMS).total())
        .isEqualTo(7 * MEBI);
  }

  @Test
  void whatCannotBeOpenedKeepsNothing() {
    LeaseTable table =
        table(
            graph -> {
              throw new ModelLoadException("damaged");
            });
    assertThatThrownBy(() -> lease(table, graph("x", 80))).isInstanceOf(ModelLoadException.class);
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  @Test
  void aSessionThatCannotBeMeasuredIsClosed() {
    AtomicInteger readings = new AtomicInteger();
    meter =
        (device, files) -> {
          if (readings.incrementAndGet() == 2) {
            throw new IllegalStateException("no figure");
          }
          return Optional.of(new NativeMeter.Reading(1, 0));
        };
    AtomicInteger closed = new AtomicInteger();
    GraphSession session =
        new Session() {
          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    LeaseTable table = table(graph -> session);
    assertThatThrownBy(() -> lease(table, graph("x", 40))).hasMessage("no figure");
    assertThat(closed).hasValue(1);
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
    assertThat(table.statuses()).isEmpty();
  }

  @Test
  void aSessionThatFailsToCloseGivesItsMemoryBack() {
    GraphSession broken =
        new Session() {
          @Override
          public void close() {
            throw new IllegalStateException("native");
          }
        };
    LeaseTable table = table(graph -> broken);
    ModelGraph graph = graph("x", 80);
    lease(table, graph).close();
    assertThatThrownBy(() -> table.retire(graph, context())).hasMessage("native");
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  @Test
  void nothingLeaksOverAThousandSessions() {
    LeaseTable table = table(graph -> new Session());
    for (int i = 0; i < 1000; i++) {
      ModelGraph graph = graph("model-" + i % 3, 100);
      lease(table, graph).close();
      assertThat(table.retire(graph, context())).isTrue();
    }
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
    assertThat(table.statuses()).isEmpty();
  }

  @Test
  void theShareLeavesRoomForTheHeapAndTheRest() {
    assertThat(MemoryBudget.hostShare(1000, 250)).isEqualTo(650);
    assertThat(MemoryBudget.hostShare(1000, 900)).isEqualTo(250);
    assertThat(MemoryBudget.DEFAULT.of(Device.CPU)).isPositive();
    assertThat(new MemoryBudget(5, 7, 1).of(Device.CPU)).isEqualTo(5);
    assertThat(new MemoryBudget(5, 7, 1).of(Device.cuda(0))).isEqualTo(7);
    assertThat(CudaDriver.mebibytes("140937\n")).contains(140937L);
    assertThat(CudaDriver.mebibytes("No devices were found")).isEmpty();
  }

  private LeaseTable table(GraphEngine engine) {
    return table(ledger, engine);
  }

  private LeaseTable table(DeviceLedger counting, GraphEngine engine) {
    admission =
        new SessionAdmission(
            engine,
            counting,
            () -> Device.CPU,
            new SessionMeasure.Tools(meter, new QuietTime(), kept, ITEMS));
    return new LeaseTable(admission);
  }

  /** A holder that has been idle for an hour and does something when it is asked to leave. */
  private static final class Asked implements Reclaimable {
    private final AtomicInteger times = new AtomicInteger();
    private final Runnable leave;

    private Asked(Runnable leave) {
      this.leave = leave;
    }

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public Duration idle() {
      return Duration.ofHours(1);
    }

    @Override
    public boolean reclaim() {
      times.incrementAndGet();
      leave.run();
      return true;
    }
  }

  private static SessionLease lease(LeaseTable table, ModelGraph graph) {
    return table.lease(graph, context());
  }

  private static RequestContext context() {
    return RequestContext.within(Duration.ofMinutes(1));
  }

  private static ModelGraph graph(String id, long weightMebibytes) {
    return graph(id, weightMebibytes, 0);
  }

  private static ModelGraph graph(String id, long weightMebibytes, long workingMebibytes) {
    return graph(id, "test", plan(weightMebibytes, workingMebibytes));
  }

  private static Optional<GraphMemory> plan(long weightMebibytes, long workingMebibytes) {
    return Optional.of(new GraphMemory(1, weightMebibytes * MEBI, workingMebibytes * MEBI));
  }

  private static ModelGraph graph(String id, String task, Optional<GraphMemory> memory) {
    Settings none = Settings.of("test", Map.of());
    GraphManifest graph =
        new GraphManifest(
            "graph", Optional.empty(), GraphManifest.ONNX, "g", List.of(), List.of(), none, memory);
    ModelManifest manifest =
        new ModelManifest(
            id,
            "1",
            task,
            "test",
            Optional.empty(),
            new ModelLicence("Apache-2.0", true),
            List.of(graph),
            none,
            List.of(new ModelFile("g", 7 * MEBI, "0".repeat(64))));
    return new ModelPackage(manifest, Path.of("none")).graphs().getFirst();
  }

  /** A session that computes nothing. */
  private static class Session implements GraphSession {
    @Override
    public List<TensorSpec> inputs() {
      return List.of();
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of();
    }

    @Override
    public String executionProvider() {
      return "none";
    }

    @Override
    public long weightBytes() {
      return 0;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context) {
      return Map.of();
    }

    @Override
    public void run(
        Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {}

    @Override
    public void terminate() {}

    @Override
    public void close() {}
  }
}
