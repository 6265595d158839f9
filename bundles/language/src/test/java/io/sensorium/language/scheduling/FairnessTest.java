package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who goes first, and who is not held up. */
@Timeout(120)
class FairnessTest extends SchedulerFixture {
  @Test
  void aLongPromptDoesNotHoldUpThoseWhoWrite() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(4, steps::acquireUninterruptibly);
    start(new SchedulerSettings(100, 10, false));
    Ticket writer =
        submit(new SaidTokens(List.of(1, 2, 3), 30, 1), SchedulerFixture::ignore, soon());
    steps.release(2);
    Ticket reader =
        submit(new SaidTokens(prompt(new Random(1), 500), 1, 1), SchedulerFixture::ignore, soon());
    Ticket other =
        submit(new SaidTokens(prompt(new Random(2), 25), 1, 1), SchedulerFixture::ignore, soon());
    awaitPrepared(reader, other);
    steps.release(1000);
    writer.answer().join();
    reader.answer().join();
    other.answer().join();

    // Everybody who writes is in every run, and no run reads more than it may.
    List<List<Integer>> whileWriting = model.runs.subList(3, 30);
    assertThat(whileWriting).allMatch(run -> run.contains(1));
    assertThat(whileWriting)
        .allMatch(run -> run.stream().filter(t -> t > 1).mapToInt(t -> t).sum() <= 10);
    // The short prompt had its turns between those of the long one.
    assertThat(model.runs).hasSizeBetween(50, 70);
  }

  @Test
  void aShortPromptWaitsForOneTurnOfALongOneAtMost() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(4, steps::acquireUninterruptibly);
    start(new SchedulerSettings(100, 10, false));
    Ticket reader =
        submit(new SaidTokens(prompt(new Random(1), 500), 1, 1), SchedulerFixture::ignore, soon());
    Ticket quick =
        submit(new SaidTokens(prompt(new Random(2), 25), 1, 1), SchedulerFixture::ignore, soon());
    awaitPrepared(reader, quick);
    steps.release(9);
    quick.answer().join();
    assertThat(reader.answer()).isNotDone();
    steps.release(1000);
    reader.answer().join();
  }

  @Test
  void aWideRequestThatWaitsLetsOthersGoFirst() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(4, steps::acquireUninterruptibly);
    start(new SchedulerSettings(100, 4_096, false));
    Ticket endless = submit(new SaidTokens(List.of(1), 1_000, 1), piece -> {}, soon());
    awaitRun();
    Ticket wide = submit(new SaidTokens(List.of(1, 2), 3, 4), piece -> {}, soon());
    List<Ticket> narrow = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      narrow.add(submit(new SaidTokens(List.of(i), 5, 1), piece -> {}, soon()));
    }
    awaitPrepared(wide);
    awaitPrepared(narrow.toArray(Ticket[]::new));
    // Three have places at once, the fourth after five steps.
    steps.release(20);
    narrow.forEach(ticket -> assertThat(ticket.answer().join().tokenIds()).hasSize(5));
    assertThat(endless.answer()).isNotDone();
    assertThat(wide.answer()).isNotDone();
    steps.release(10_000);
    assertThat(wide.answer().join().tokenIds()).hasSize(3);
    endless.answer().join();
  }

  @Test
  void aWideRequestIsOvertakenByAsManyAsThereArePlacesAndNoMore() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(4, steps::acquireUninterruptibly);
    start(new SchedulerSettings(100, 4_096, false));
    // One has a place; prompts tell by their lengths who runs.
    Ticket first = submit(new SaidTokens(prompt(new Random(1), 10), 50, 1), piece -> {}, soon());
    awaitRun();
    Ticket wide = submit(new SaidTokens(prompt(new Random(2), 20), 3, 4), piece -> {}, soon());
    List<Ticket> all = new ArrayList<>(List.of(first, wide));
    for (int length = 30; length < 60; length++) {
      Random random = new Random(length);
      all.add(submit(new SaidTokens(prompt(random, length), 4, 1), piece -> {}, soon()));
    }
    awaitPrepared(all.toArray(Ticket[]::new));
    steps.release(10_000);
    all.forEach(ticket -> ticket.answer().join());
    List<Integer> begun =
        model.runs.stream().flatMap(List::stream).filter(tokens -> tokens > 1).toList();
    List<Integer> before = begun.subList(0, begun.indexOf(20));
    assertThat(before).startsWith(10).hasSize(1 + 4);
    assertThat(begun.indexOf(59)).isPositive();
  }

  @Test
  void aSlowListenerHoldsUpNobodyElse() throws InterruptedException {
    start(USUAL);
    CountDownLatch patience = new CountDownLatch(1);
    List<String> heard = new ArrayList<>();
    Ticket slow =
        submit(
            new SaidTokens(List.of(5), 20, 1),
            piece -> {
              awaitQuietly(patience);
              heard.add(piece);
            },
            soon());
    Ticket other = submit(new SaidTokens(List.of(6), 500, 1), SchedulerFixture::ignore, soon());
    assertThat(other.answer().join().tokenIds()).hasSize(500);
    assertThat(slow.answer()).isNotDone();
    patience.countDown();
    List<Integer> ids = slow.answer().join().tokenIds();
    assertThat(heard).isEqualTo(ids.stream().map(id -> id + " ").toList());
  }
}
