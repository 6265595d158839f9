package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
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
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryLedgerTest {
  private static final long MEBI = 1 << 20;
  private static final int ITEMS = 4;

  private final MemoryLedger ledger = new MemoryLedger(device -> 100 * MEBI);

  @Test
  void aRefusalSaysWhatIsNeededWhatIsFreeAndWhoHasTheRest() {
    LeaseTable table = table(graph -> new Session());
    lease(table, graph("first", 40, 5)).close();
    assertThatThrownBy(() -> lease(table, graph("second", 20, 6)))
        .isInstanceOf(ResourceExhaustedException.class)
        .hasMessage(
            "model second 1 needs 68.0 MiB (weights 20.0 MiB, activations of 4 items 48.0 MiB) on"
                + " cpu; 20.0 MiB of the budget of 100.0 MiB are free: first 1 has 80.0 MiB");
    assertThat(ledger.reservedBytes(Device.CPU)).isEqualTo(80 * MEBI);

    assertThat(table.retire(graph("first", 40, 5), context())).isTrue();
    lease(table, graph("second", 20, 6)).close();
    assertThat(ledger.reservedBytes(Device.CPU)).isEqualTo(68 * MEBI);
  }

  @Test
  void aPackageWithoutAPlanIsCountedByItsFiles() {
    assertThat(MemoryNeed.of(graph("x", Optional.empty()), ITEMS).bytes()).isEqualTo(7 * MEBI);
  }

  @Test
  void whatCannotBeOpenedKeepsNothing() {
    LeaseTable table =
        table(
            graph -> {
              throw new ModelLoadException("damaged");
            });
    assertThatThrownBy(() -> lease(table, graph("x", 40, 5)))
        .isInstanceOf(ModelLoadException.class);
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  @Test
  void aSessionThatFailsToCloseGivesItsMemoryBack() {
    GraphSession session =
        admitting(
                graph ->
                    new Session() {
                      @Override
                      public void close() {
                        throw new IllegalStateException("native");
                      }
                    })
            .open(graph("x", 40, 5));
    assertThatThrownBy(session::close).hasMessage("native");
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  @Test
  void nothingLeaksOverAThousandSessions() {
    LeaseTable table = table(graph -> new Session());
    for (int i = 0; i < 1000; i++) {
      ModelGraph graph = graph("model-" + i % 3, 60, 5);
      lease(table, graph).close();
      assertThat(table.retire(graph, context())).isTrue();
    }
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
    assertThat(table.statuses()).isEmpty();
  }

  @Test
  void concurrentReservationsNeverExceedTheBudget() throws Exception {
    int threads = 16;
    CountDownLatch start = new CountDownLatch(1);
    AtomicInteger refused = new AtomicInteger();
    List<MemoryLedger.Reservation> granted = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String owner = "owner-" + i;
        done.add(
            executor.submit(
                () -> {
                  start.await();
                  try {
                    MemoryLedger.Reservation reservation =
                        ledger.reserve(Device.CPU, owner, new MemoryNeed(30 * MEBI, 0, 1));
                    synchronized (granted) {
                      granted.add(reservation);
                    }
                  } catch (ResourceExhaustedException e) {
                    refused.incrementAndGet();
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> each : done) {
        each.get();
      }
    }
    assertThat(granted).hasSize(3);
    assertThat(refused).hasValue(threads - 3);
    granted.forEach(MemoryLedger.Reservation::close);
    granted.forEach(MemoryLedger.Reservation::close);
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  @Test
  void devicesHaveBudgetsOfTheirOwn() {
    MemoryLedger uneven = new MemoryLedger(device -> device.cuda() ? 10 : 20);
    uneven.reserve(Device.cuda(1), "a", new MemoryNeed(10, 0, 1));
    uneven.reserve(Device.CPU, "b", new MemoryNeed(20, 0, 1));
    assertThat(uneven.reservedBytes(Device.cuda(0))).isZero();
    assertThatThrownBy(() -> uneven.reserve(Device.cuda(1), "c", new MemoryNeed(1, 0, 1)))
        .hasMessageContaining("on cuda:1");
  }

  @Test
  void theShareLeavesRoomForTheHeapAndTheRest() {
    assertThat(MemoryBudget.hostShare(1000, 250)).isEqualTo(650);
    assertThat(MemoryBudget.hostShare(1000, 900)).isEqualTo(250);
    assertThat(MemoryBudget.DEFAULT.of(Device.CPU)).isPositive();
    assertThat(new MemoryBudget(5, 7, 1).of(Device.CPU)).isEqualTo(5);
    assertThat(new MemoryBudget(5, 7, 1).of(Device.cuda(0))).isEqualTo(7);
    assertThat(MemoryBudget.mebibytes("140937\n")).contains(140937L);
    assertThat(MemoryBudget.mebibytes("No devices were found")).isEmpty();
  }

  private GraphEngine admitting(GraphEngine engine) {
    return new AdmittingEngine(engine, ledger, () -> Device.CPU, ITEMS);
  }

  private LeaseTable table(GraphEngine engine) {
    return new LeaseTable(admitting(engine));
  }

  private static SessionLease lease(LeaseTable table, ModelGraph graph) {
    return table.lease(graph, context());
  }

  private static RequestContext context() {
    return RequestContext.within(Duration.ofSeconds(10));
  }

  private static ModelGraph graph(String id, long weightMebibytes, long workingMebibytes) {
    return graph(
        id, Optional.of(new GraphMemory(1, weightMebibytes * MEBI, workingMebibytes * MEBI)));
  }

  private static ModelGraph graph(String id, Optional<GraphMemory> memory) {
    Settings none = Settings.of("test", Map.of());
    GraphManifest graph =
        new GraphManifest(
            "graph", Optional.empty(), GraphManifest.ONNX, "g", List.of(), List.of(), none, memory);
    ModelManifest manifest =
        new ModelManifest(
            id,
            "1",
            "test",
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
