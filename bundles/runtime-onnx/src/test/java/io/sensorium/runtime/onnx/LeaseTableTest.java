package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.SessionLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class LeaseTableTest extends LeaseFixture {
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
}
