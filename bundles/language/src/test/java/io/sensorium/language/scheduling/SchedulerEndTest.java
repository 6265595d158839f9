package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.ServiceGoneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that end early, are refused, or outlive what ran them. */
@Timeout(120)
class SchedulerEndTest extends SchedulerFixture {
  @Test
  void cancellingFreesThePlacesWithinAStep() throws InterruptedException {
    Semaphore steps = new Semaphore(0);
    CountDownLatch begun = new CountDownLatch(3);
    model =
        new HistoryModel(
            1,
            () -> {
              begun.countDown();
              steps.acquireUninterruptibly();
            });
    start(USUAL);
    RequestContext context = soon();
    Ticket endless =
        submit(new SaidTokens(List.of(1), 1_000_000, 1), SchedulerFixture::ignore, context);
    Ticket next = submit(new SaidTokens(List.of(2), 3, 1), SchedulerFixture::ignore, soon());
    steps.release(2);
    begun.await();
    context.cancel();
    // The run that has begun, and three of the next request.
    steps.release(4);
    assertThat(next.answer().join().tokenIds()).isEqualTo(HistoryModel.said(List.of(2), 3));
    assertFails(endless, RequestCancelledException.class, "cancelled");
  }

  @Test
  void deadlinesEndRequestsWhereverTheyStand() throws InterruptedException {
    start(USUAL);
    Ticket endless =
        submit(
            new SaidTokens(List.of(1), 1_000_000_000, 4),
            SchedulerFixture::ignore,
            RequestContext.within(Duration.ofMillis(50)));
    Ticket after = submit(new SaidTokens(List.of(2), 3, 4), SchedulerFixture::ignore, soon());
    assertThat(after.answer().join().tokenIds()).isEqualTo(HistoryModel.said(List.of(2), 3));
    assertFails(endless, DeadlineExceededException.class, "deadline");
  }

  @Test
  void aFullQueueRefusesAndTellsSo() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(1, steps::acquireUninterruptibly);
    start(new SchedulerSettings(2, 64, true));
    List<Ticket> accepted = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 4; i++) {
                accepted.add(
                    submit(new SaidTokens(List.of(i), 2, 1), SchedulerFixture::ignore, soon()));
              }
            })
        .isInstanceOf(ResourceExhaustedException.class)
        .hasMessageContaining("at most 2 requests may wait");
    steps.release(100);
    assertThat(accepted).hasSizeBetween(2, 3);
    accepted.forEach(ticket -> ticket.answer().join());
  }

  @Test
  void aModelThatCannotBeOpenedFailsThoseWhoWait() {
    model.close();
    scheduler =
        new ModelScheduler(
            "broken",
            () -> {
              throw new ModelLoadException("the graph is damaged");
            },
            USUAL,
            tally);
    Ticket ticket = submit(new SaidTokens(List.of(1), 1, 1), SchedulerFixture::ignore, soon());
    scheduler.start();
    assertFails(ticket, ModelLoadException.class, "damaged");
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
    Ticket late =
        new Ticket(new SaidTokens(List.of(1), 1, 1), SchedulerFixture::ignore, soon(), outside);
    assertThat(scheduler.submit(late)).isFalse();
  }

  @Test
  void drainingFinishesWhatWasAcceptedAndTakesNothingNew() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(1, steps::acquireUninterruptibly);
    start(USUAL);
    Ticket running = submit(new SaidTokens(List.of(1), 5, 1), SchedulerFixture::ignore, soon());
    Ticket queued = submit(new SaidTokens(List.of(2), 5, 1), SchedulerFixture::ignore, soon());
    assertThat(scheduler.reclaim()).isFalse();
    scheduler.drain();
    Ticket late =
        new Ticket(new SaidTokens(List.of(1), 1, 1), SchedulerFixture::ignore, soon(), outside);
    assertThat(scheduler.submit(late)).isFalse();
    steps.release(100);
    assertThat(running.answer().join().tokenIds()).hasSize(5);
    assertThat(queued.answer().join().tokenIds()).hasSize(5);
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void abortingFailsWhatWasAcceptedWithinAStep() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(1, steps::acquireUninterruptibly);
    start(USUAL);
    Ticket running =
        submit(new SaidTokens(List.of(1), 1_000_000, 1), SchedulerFixture::ignore, soon());
    Ticket queued = submit(new SaidTokens(List.of(2), 5, 1), SchedulerFixture::ignore, soon());
    scheduler.abort(() -> new ServiceGoneException("the model is leaving"));
    steps.release(1);
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
    assertFails(running, ServiceGoneException.class, "leaving");
    assertFails(queued, ServiceGoneException.class, "leaving");
  }
}
