package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.LanguageModelStatus.Work;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** A scheduler over a model whose answers tell what it remembers; ended after each test. */
abstract class SchedulerFixture {
  static final SchedulerSettings USUAL = new SchedulerSettings(100, 64, true);

  final ExecutorService outside = Executors.newVirtualThreadPerTaskExecutor();
  HistoryModel model = new HistoryModel(4, () -> {});
  final Tally tally = new Tally();
  ModelScheduler scheduler;

  /** A model that is open. */
  record Opened(HistoryModel model, int sequences) implements OpenedModel {
    @Override
    public void close() {
      model.close();
    }
  }

  @AfterEach
  void end() {
    if (scheduler != null) {
      scheduler.drain();
      assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
      assertThat(model.closed).isTrue();
    }
    outside.close();
  }

  Work endedWork() {
    scheduler.drain();
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
    return tally.work();
  }

  List<Integer> said(List<Integer> prompt, int count) {
    Generation generation =
        submit(new SaidTokens(prompt, count, 1), SchedulerFixture::ignore, soon()).answer().join();
    return generation.tokenIds();
  }

  void start(SchedulerSettings settings) {
    HistoryModel opened = model;
    scheduler =
        new ModelScheduler("said", () -> new Opened(opened, opened.places()), settings, tally);
    scheduler.start();
  }

  Ticket submit(Job job, Consumer<String> listener, RequestContext context) {
    Ticket ticket = new Ticket(job, listener, context, outside);
    assertThat(scheduler.submit(ticket)).isTrue();
    return ticket;
  }

  /** What is not prepared yet is not waited for by those who run. */
  static void awaitPrepared(Ticket... tickets) {
    for (Ticket ticket : tickets) {
      while (!ticket.isPrepared()) {
        Thread.onSpinWait();
      }
    }
  }

  void awaitRun() {
    while (model.runs.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  static void assertFails(Ticket ticket, Class<?> type, String message) {
    assertThatThrownBy(() -> ticket.answer().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void ignore(String piece) {}

  static List<Integer> prompt(Random random, int length) {
    return random.ints(length, 0, HistoryModel.FAILS).boxed().toList();
  }

  static RequestContext soon() {
    return RequestContext.within(Duration.ofMinutes(1));
  }
}
