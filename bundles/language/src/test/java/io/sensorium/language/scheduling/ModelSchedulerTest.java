package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.LanguageModelStatus.Load;
import io.sensorium.api.language.LanguageModelStatus.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ModelSchedulerTest extends SchedulerFixture {
  @Test
  void manyRequestsTogetherSayWhatEachSaysAlone() {
    start(USUAL);
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<List<Integer>> prompts = new ArrayList<>();
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // Some begin as others do, so that sequences are kept, taken over and forked.
      List<Integer> prompt = new ArrayList<>();
      if (i % 3 > 0) {
        prompt.addAll(prompts.get(random.nextInt(prompts.size())));
      }
      prompt.addAll(prompt(random, 1 + random.nextInt(150)));
      prompts.add(prompt);
      tickets.add(
          submit(new SaidTokens(prompt, 1 + i % 17, 1 + i % 3), SchedulerFixture::ignore, soon()));
    }
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(tickets.get(i).answer().join().tokenIds())
          .isEqualTo(HistoryModel.said(prompts.get(i), 1 + i % 17));
    }
  }

  @Test
  void sharesRunsAmongThoseWhoWrite() {
    CountDownLatch allAreThere = new CountDownLatch(1);
    model = new HistoryModel(4, () -> awaitQuietly(allAreThere));
    start(USUAL);
    List<Ticket> tickets =
        IntStream.range(0, 4)
            .mapToObj(
                i -> submit(new SaidTokens(List.of(i), 200, 1), SchedulerFixture::ignore, soon()))
            .toList();
    awaitPrepared(tickets.toArray(Ticket[]::new));
    allAreThere.countDown();
    tickets.forEach(ticket -> ticket.answer().join());
    assertThat(model.runs).contains(List.of(1, 1, 1, 1)).hasSizeLessThan(500);
  }

  @Test
  void aRequestThatFailsHarmsNoOther() {
    start(USUAL);
    List<Integer> good = prompt(new Random(3), 20);
    Ticket first = submit(new SaidTokens(good, 50, 1), SchedulerFixture::ignore, soon());
    Ticket fails =
        submit(
            new SaidTokens(List.of(4, HistoryModel.FAILS), 5, 1), SchedulerFixture::ignore, soon());
    Ticket noNumber =
        submit(
            new SaidTokens(List.of(HistoryModel.NO_NUMBER), 5, 1),
            SchedulerFixture::ignore,
            soon());
    Ticket throwing =
        submit(
            new SaidTokens(List.of(7), 50, 1),
            piece -> {
              throw new IllegalStateException("the listener failed");
            },
            soon());
    Ticket empty = submit(new SaidTokens(List.of(), 5, 1), SchedulerFixture::ignore, soon());
    Ticket large = submit(new SaidTokens(List.of(8), 50, 5), SchedulerFixture::ignore, soon());
    Ticket last = submit(new SaidTokens(good, 60, 2), SchedulerFixture::ignore, soon());

    assertThat(first.answer().join().tokenIds()).isEqualTo(HistoryModel.said(good, 50));
    assertThat(last.answer().join().tokenIds()).isEqualTo(HistoryModel.said(good, 60));
    assertFails(fails, InferenceException.class, "the run failed");
    assertFails(noNumber, InferenceException.class, "must be numbers");
    assertFails(throwing, IllegalStateException.class, "the listener failed");
    assertFails(empty, IllegalArgumentException.class, "must have a token");
    assertFails(large, IllegalArgumentException.class, "open for 4 sequences");
  }

  @Test
  void nothingIsKeptOfASequenceWhoseLogitsWereNoNumbers() {
    start(USUAL);
    List<Integer> poisoned = new ArrayList<>(prompt(new Random(4), 20));
    poisoned.add(HistoryModel.NO_NUMBER);
    Ticket first = submit(new SaidTokens(poisoned, 5, 1), SchedulerFixture::ignore, soon());
    assertFails(first, InferenceException.class, "must be numbers");
    List<Integer> sound = poisoned.subList(0, 20);
    Ticket second = submit(new SaidTokens(sound, 5, 1), SchedulerFixture::ignore, soon());
    assertThat(second.answer().join().tokenIds()).isEqualTo(HistoryModel.said(sound, 5));
    assertThat(endedWork().rememberedTokens()).isZero();
  }

  @Test
  void whatBeginsAsBeforeIsNotReadAgain() {
    start(USUAL);
    List<Integer> common = prompt(new Random(5), 100);
    List<Integer> one = new ArrayList<>(common);
    one.add(3);
    List<Integer> other = new ArrayList<>(common);
    other.addAll(List.of(4, 5, 6));
    assertThat(said(one, 10)).isEqualTo(HistoryModel.said(one, 10));
    assertThat(said(other, 10)).isEqualTo(HistoryModel.said(other, 10));
    assertThat(said(one, 10)).isEqualTo(HistoryModel.said(one, 10));
    Work work = endedWork();
    assertThat(work.rememberedTokens()).isEqualTo(100 + 100);
    assertThat(work.prefixHits()).isEqualTo(2);
    assertThat(work.requests()).isEqualTo(3);
    assertThat(work.promptTokens()).isEqualTo(101 + 3 + 1);
    assertThat(work.answerTokens()).isEqualTo(3 * 10);
    // The last token of each answer is never run.
    assertThat(work.runs()).isEqualTo(2 + 1 + 1 + 3 * 9);
  }

  @Test
  void keptSequencesGoWhenTheirPlacesAreNeeded() {
    start(USUAL);
    for (int i = 0; i < 10; i++) {
      List<Integer> prompt = prompt(new Random(i), 30);
      assertThat(said(prompt, 5)).isEqualTo(HistoryModel.said(prompt, 5));
    }
    Ticket all =
        submit(new SaidTokens(prompt(new Random(77), 30), 5, 4), SchedulerFixture::ignore, soon());
    assertThat(all.answer().join().tokenIds()).hasSize(5);
    endedWork();
    assertThat(model.living()).isLessThanOrEqualTo(4);
  }

  @Test
  void tellsWhatItHasToDo() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(4, steps::acquireUninterruptibly);
    start(new SchedulerSettings(100, 10, true));
    Ticket wide = submit(new SaidTokens(prompt(new Random(1), 25), 9, 3), piece -> {}, soon());
    awaitRun();
    Ticket narrow = submit(new SaidTokens(List.of(1), 3, 1), piece -> {}, soon());
    Ticket waiting = submit(new SaidTokens(List.of(2), 3, 2), piece -> {}, soon());
    awaitPrepared(narrow, waiting);
    // The first run has begun.
    assertLoad(new Load(4, 3, 0, 1, 2, 25, 0));
    steps.release(1);
    assertLoad(new Load(4, 4, 0, 2, 1, 15 + 1, 0));
    steps.release(1_000);
    waiting.answer().join();
    assertThat(wide.answer().join().tokenIds()).hasSize(9);
    assertThat(narrow.answer().join().tokenIds()).hasSize(3);
    awaitIdle();
    Load idle = scheduler.load();
    assertThat(idle.running() + idle.waiting() + idle.taken()).isZero();
    assertThat(idle.kept()).isPositive();
    // Fifteen tokens, the last of them a moment ago.
    assertThat(idle.tokensPerSecond()).isBetween(0.01, 1.5);
    assertThat(endedWork().answerTokens()).isEqualTo(9 + 3 + 3);
    assertThat(scheduler.load().sequences()).isZero();
  }

  private void assertLoad(Load expected) {
    while (!steady(scheduler.load()).equals(expected)) {
      Thread.onSpinWait();
    }
  }

  private static Load steady(Load load) {
    return new Load(
        load.sequences(),
        load.taken(),
        load.kept(),
        load.running(),
        load.waiting(),
        load.promptBacklog(),
        0);
  }

  private void awaitIdle() {
    while (scheduler.idle().isZero()) {
      Thread.onSpinWait();
    }
  }
}
