package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.GraphManifest;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class LeaseTableTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ModelGraph model = model("tiny");

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void concurrentFirstLeasesOpenOnce() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    LeaseTable table =
        new LeaseTable(
            (graph, holder, context) -> {
              opened.incrementAndGet();
              awaitQuietly(start);
              return new FakeSession();
            });
    List<Future<SessionLease>> leases = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      leases.add(threads.submit(() -> table.lease(model, soon())));
    }
    start.countDown();
    for (Future<SessionLease> lease : leases) {
      lease.get();
    }
    assertThat(opened).hasValue(1);
    assertThat(table.statuses()).singleElement().matches(status -> status.leases() == 7);
  }

  @Test
  void aFailedOpenReachesEveryWaiterAndIsForgottenAtOnce() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    CountDownLatch start = new CountDownLatch(1);
    LeaseTable table =
        new LeaseTable(
            (graph, holder, context) -> {
              awaitQuietly(start);
              if (broken.get()) {
                throw new ModelLoadException("broken graph");
              }
              return new FakeSession();
            });
    List<Future<SessionLease>> leases = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      leases.add(threads.submit(() -> table.lease(model, soon())));
    }
    start.countDown();
    for (Future<SessionLease> lease : leases) {
      assertThatThrownBy(lease::get)
          .hasCauseInstanceOf(ModelLoadException.class)
          .hasMessageContaining("broken graph");
    }
    assertThat(table.statuses()).isEmpty();
    broken.set(false);
    try (SessionLease lease = table.lease(model, soon())) {
      assertThat(lease.executionProvider()).isEqualTo("fake");
    }
  }

  @Test
  void retiringAnUnusedSessionClosesItAndALaterLeaseOpensAnew() {
    List<FakeSession> sessions = new ArrayList<>();
    LeaseTable table = tableOf(sessions);
    table.lease(model, soon()).close();
    assertThat(table.retire(model, soon())).isTrue();
    assertThat(sessions.get(0).closes).hasValue(1);
    assertThat(table.retire(model, soon())).isTrue();
    table.lease(model, soon()).close();
    assertThat(sessions).hasSize(2);
  }

  @Test
  void aRetiringModelIsNotLentAndIsClosedByItsLastLease() throws Exception {
    List<FakeSession> sessions = new ArrayList<>();
    LeaseTable table = tableOf(sessions);
    SessionLease one = table.lease(model, soon());
    SessionLease two = table.lease(model, soon());
    Future<Boolean> retired = threads.submit(() -> table.retire(model, soon()));
    awaitGone(table);
    one.close();
    one.close();
    assertThat(sessions.get(0).closes).hasValue(0);
    two.run(Map.of(), soon());
    two.close();
    assertThat(retired.get()).isTrue();
    assertThat(sessions.get(0).closes).hasValue(1);
    assertThat(sessions.get(0).terminations).hasValue(0);
  }

  @Test
  void whatIsLentAtTheDeadlineIsTerminatedAndClosedLater() {
    List<FakeSession> sessions = new ArrayList<>();
    LeaseTable table = tableOf(sessions);
    SessionLease lease = table.lease(model, soon());
    assertThat(table.retire(model, RequestContext.within(Duration.ofMillis(20)))).isFalse();
    assertThat(sessions.get(0).terminations).hasValue(1);
    assertThat(sessions.get(0).closes).hasValue(0);
    assertThatThrownBy(() -> lease.run(Map.of(), soon())).isInstanceOf(ServiceGoneException.class);
    assertThatThrownBy(() -> table.lease(model, soon())).isInstanceOf(ServiceGoneException.class);
    lease.close();
    assertThat(sessions.get(0).closes).hasValue(1);
    table.lease(model, soon()).close();
    assertThat(sessions).hasSize(2);
  }

  @Test
  void aClosedLeaseRunsNothing() {
    LeaseTable table = tableOf(new ArrayList<>());
    SessionLease lease = table.lease(model, soon());
    SessionLease other = table.lease(model, soon());
    lease.close();
    lease.close();
    assertThatThrownBy(() -> lease.run(Map.of(), soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tiny 1");
    other.run(Map.of(), soon());
    assertThat(table.statuses())
        .singleElement()
        .matches(status -> status.leases() == 1 && status.runs() == 1);
  }

  @Test
  void aLeaseClosedDuringItsRunIsGivenBackWhenTheRunEnds() throws Exception {
    List<FakeSession> sessions = new ArrayList<>();
    LeaseTable table = tableOf(sessions);
    SessionLease lease = table.lease(model, soon());
    FakeSession session = sessions.get(0);
    session.block = new CountDownLatch(1);
    Future<?> run = threads.submit(() -> lease.run(Map.of(), soon()));
    assertThat(session.running.await(1, TimeUnit.MINUTES)).isTrue();
    lease.close();
    Future<Boolean> retired = threads.submit(() -> table.retire(model, soon()));
    awaitGone(table);
    assertThat(session.closes).hasValue(0);
    session.block.countDown();
    run.get();
    assertThat(retired.get()).isTrue();
    assertThat(session.closes).hasValue(1);
  }

  @Test
  void aWaiterGivesUpAtItsDeadlineWhileTheOpenGoesOn() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch opening = new CountDownLatch(1);
    LeaseTable table =
        new LeaseTable(
            (graph, holder, context) -> {
              opening.countDown();
              awaitQuietly(start);
              return new FakeSession();
            });
    Future<SessionLease> first = threads.submit(() -> table.lease(model, soon()));
    opening.await();
    assertThatThrownBy(() -> table.lease(model, RequestContext.within(Duration.ofMillis(15))))
        .isInstanceOf(DeadlineExceededException.class);
    start.countDown();
    first.get();
    assertThat(table.statuses()).singleElement().matches(status -> status.leases() == 1);
  }

  @Test
  void closingTheTableEndsForgottenLeases() {
    List<FakeSession> sessions = new ArrayList<>();
    LeaseTable table = tableOf(sessions);
    SessionLease forgotten = table.lease(model, soon());
    table.close(Duration.ofMillis(20), Duration.ofMinutes(1));
    assertThat(sessions.get(0).closes).hasValue(1);
    assertThatThrownBy(() -> forgotten.run(Map.of(), soon()))
        .isInstanceOf(ServiceGoneException.class);
    assertThatThrownBy(() -> table.lease(model, soon())).isInstanceOf(ServiceGoneException.class);
    forgotten.close();
    assertThat(sessions.get(0).closes).hasValue(1);
  }

  @Test
  void aRunThatDoesNotEndIsReportedWhenTheTableCloses() throws Exception {
    List<FakeSession> sessions = new ArrayList<>();
    LeaseTable table = tableOf(sessions);
    SessionLease lease = table.lease(model, soon());
    FakeSession session = sessions.get(0);
    session.block = new CountDownLatch(1);
    Future<?> run = threads.submit(() -> lease.run(Map.of(), soon()));
    session.running.await();
    assertThatThrownBy(() -> table.close(Duration.ofMillis(10), Duration.ofMillis(10)))
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageContaining("tiny 1");
    session.block.countDown();
    run.get();
    assertThat(session.closes).hasValue(1);
  }

  @Test
  void manyThreadsLeasingRunningRetiringAndFailingKeepEveryPromise() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    List<FakeSession> sessions = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger opens = new AtomicInteger();
    LeaseTable table =
        new LeaseTable(
            (graph, holder, context) -> {
              if (opens.incrementAndGet() % 5 == 0) {
                throw new ModelLoadException("every fifth open fails");
              }
              FakeSession session = new FakeSession();
              sessions.add(session);
              return session;
            });
    List<ModelGraph> models = List.of(model("a"), model("b"), model("c"));
    List<Future<?>> work = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      Random random = new Random(seed + thread);
      work.add(threads.submit(() -> churn(table, models, random)));
    }
    for (Future<?> future : work) {
      future.get();
    }
    for (ModelGraph each : models) {
      assertThat(table.retire(each, soon())).isTrue();
    }
    assertThat(table.statuses()).isEmpty();
    assertThat(sessions).isNotEmpty().allMatch(session -> session.closes.get() == 1);
    assertThat(sessions).noneMatch(session -> session.usedAfterClose.get());
  }

  private static void churn(LeaseTable table, List<ModelGraph> models, Random random) {
    for (int round = 0; round < 2000; round++) {
      ModelGraph model = models.get(random.nextInt(models.size()));
      if (random.nextInt(10) == 0) {
        table.retire(model, RequestContext.within(Duration.ofMillis(random.nextInt(1, 3))));
        continue;
      }
      try (SessionLease lease = table.lease(model, soon())) {
        lease.run(Map.of(), soon());
      } catch (ServiceGoneException | ModelLoadException expected) {
        Thread.onSpinWait();
      }
    }
  }

  /** Waits until the model is refused, which is when the retiring thread has got through. */
  private void awaitGone(LeaseTable table) throws InterruptedException {
    while (true) {
      try {
        table.lease(model, soon()).close();
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (ServiceGoneException expected) {
        return;
      }
    }
  }

  @Test
  void graphsGoToTheEngineOfTheirRuntimeWhileThereIsOne() {
    List<FakeSession> sessions = new ArrayList<>();
    GraphEngine other =
        ignored -> {
          FakeSession session = new FakeSession();
          sessions.add(session);
          return session;
        };
    GraphEngines engines = new GraphEngines(ignored -> new FakeSession());
    LeaseTable table = new LeaseTable((graph, holder, context) -> engines.open(graph));
    ModelGraph foreign = model("foreign", "other");
    assertThatThrownBy(() -> table.lease(foreign, soon()))
        .isInstanceOf(ServiceGoneException.class)
        .hasMessage("model foreign 1 needs the runtime 'other'; no active bundle provides it");
    engines.add(other, Map.of(GraphEngine.RUNTIME, "other"));
    SessionLease onnx = table.lease(model, soon());
    SessionLease lease = table.lease(foreign, soon());
    assertThat(sessions).hasSize(1);
    assertThat(engines.remove(other)).contains("other");
    table.retireAll("other");
    lease.run(Map.of(), soon());
    assertThat(sessions.getFirst().closes).hasValue(0);
    lease.close();
    assertThat(sessions.getFirst().closes).hasValue(1);
    assertThat(table.statuses()).singleElement().matches(status -> status.model().equals("tiny"));
    assertThatThrownBy(() -> table.lease(foreign, soon())).isInstanceOf(ServiceGoneException.class);
    onnx.close();
  }

  private static LeaseTable tableOf(List<FakeSession> sessions) {
    return new LeaseTable(
        (graph, holder, context) -> {
          FakeSession session = new FakeSession();
          sessions.add(session);
          return session;
        });
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofMinutes(1));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ModelGraph model(String id) {
    return model(id, GraphManifest.ONNX);
  }

  private static ModelGraph model(String id, String runtime) {
    Settings none = Settings.of("test", Map.of());
    ModelManifest manifest =
        new ModelManifest(
            id,
            "1",
            "test",
            "test",
            Optional.empty(),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    "graph", Optional.empty(), runtime, "g", List.of(), List.of(), none)),
            none,
            List.of(new ModelFile("g", 1, "0".repeat(64))));
    return new ModelPackage(manifest, Path.of("none")).graphs().getFirst();
  }

  private static final class FakeSession implements GraphSession {
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicInteger terminations = new AtomicInteger();
    private final AtomicBoolean usedAfterClose = new AtomicBoolean();
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile CountDownLatch block;

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
      return "fake";
    }

    @Override
    public long weightBytes() {
      return 1;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context) {
      running.countDown();
      if (block != null) {
        awaitQuietly(block);
      }
      if (closes.get() > 0) {
        usedAfterClose.set(true);
      }
      return Map.of();
    }

    @Override
    public void run(
        Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {
      run(inputs, context);
    }

    @Override
    public void terminate() {
      terminations.incrementAndGet();
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }
}
