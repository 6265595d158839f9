package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.runtime.SessionLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models that are retired and tables that close while sessions are lent. */
@Timeout(120)
final class LeaseEndTest extends LeaseFixture {
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
}
