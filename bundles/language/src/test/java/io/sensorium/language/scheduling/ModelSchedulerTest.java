package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.LanguageModelStatus.Load;
import io.sensorium.api.language.LanguageModelStatus.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ModelSchedulerTest {
  private static final SchedulerSettings USUAL = new SchedulerSettings(100, 64, true);

  private final ExecutorService outside = Executors.newVirtualThreadPerTaskExecutor();
  private HistoryModel model = new HistoryModel(4, () -> {});
  private final Tally tally = new Tally();
  private ModelScheduler scheduler;

  /** A model that is open. */
  private record Opened(HistoryModel model, int sequences) implements OpenedModel {
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
          submit(
              new SaidTokens(prompt, 1 + i % 17, 1 + i % 3), ModelSchedulerTest::ignore, soon()));
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
                i -> submit(new SaidTokens(List.of(i), 200, 1), ModelSchedulerTest::ignore, soon()))
            .toList();
    awaitPrepared(tickets.toArray(Ticket[]::new));
    allAreThere.countDown();
    tickets.forEach(ticket -> ticket.answer().join());
    assertThat(model.runs).contains(List.of(1, 1, 1, 1)).hasSizeLessThan(500);
  }

  @Test
  void aLongPromptDoesNotHoldUpThoseWhoWrite() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(4, steps::acquireUninterruptibly);
    start(new SchedulerSettings(100, 10, false));
    Ticket writer =
        submit(new SaidTokens(List.of(1, 2, 3), 30, 1), ModelSchedulerTest::ignore, soon());
    steps.release(2);
    Ticket reader =
        submit(
            new SaidTokens(prompt(new Random(1), 500), 1, 1), ModelSchedulerTest::ignore, soon());
    Ticket other =
        submit(new SaidTokens(prompt(new Random(2), 25), 1, 1), ModelSchedulerTest::ignore, soon());
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
        submit(
            new SaidTokens(prompt(new Random(1), 500), 1, 1), ModelSchedulerTest::ignore, soon());
    Ticket quick =
        submit(new SaidTokens(prompt(new Random(2), 25), 1, 1), ModelSchedulerTest::ignore, soon());
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
  void aRequestThatFailsHarmsNoOther() {
    start(USUAL);
    List<Integer> good = prompt(new Random(3), 20);
    Ticket first = submit(new SaidTokens(good, 50, 1), ModelSchedulerTest::ignore, soon());
    Ticket fails =
        submit(
            new SaidTokens(List.of(4, HistoryModel.FAILS), 5, 1),
            ModelSchedulerTest::ignore,
            soon());
    Ticket noNumber =
        submit(
            new SaidTokens(List.of(HistoryModel.NO_NUMBER), 5, 1),
            ModelSchedulerTest::ignore,
            soon());
    Ticket throwing =
        submit(
            new SaidTokens(List.of(7), 50, 1),
            piece -> {
              throw new IllegalStateException("the listener failed");
            },
            soon());
    Ticket empty = submit(new SaidTokens(List.of(), 5, 1), ModelSchedulerTest::ignore, soon());
    Ticket large = submit(new SaidTokens(List.of(8), 50, 5), ModelSchedulerTest::ignore, soon());
    Ticket last = submit(new SaidTokens(good, 60, 2), ModelSchedulerTest::ignore, soon());

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
    Ticket first = submit(new SaidTokens(poisoned, 5, 1), ModelSchedulerTest::ignore, soon());
    assertFails(first, InferenceException.class, "must be numbers");
    List<Integer> sound = poisoned.subList(0, 20);
    Ticket second = submit(new SaidTokens(sound, 5, 1), ModelSchedulerTest::ignore, soon());
    assertThat(second.answer().join().tokenIds()).isEqualTo(HistoryModel.said(sound, 5));
    assertThat(endedWork().rememberedTokens()).isZero();
  }

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
        submit(new SaidTokens(List.of(1), 1_000_000, 1), ModelSchedulerTest::ignore, context);
    Ticket next = submit(new SaidTokens(List.of(2), 3, 1), ModelSchedulerTest::ignore, soon());
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
            ModelSchedulerTest::ignore,
            RequestContext.within(Duration.ofMillis(50)));
    Ticket after = submit(new SaidTokens(List.of(2), 3, 4), ModelSchedulerTest::ignore, soon());
    assertThat(after.answer().join().tokenIds()).isEqualTo(HistoryModel.said(List.of(2), 3));
    assertFails(endless, DeadlineExceededException.class, "deadline");
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
    Ticket other = submit(new SaidTokens(List.of(6), 500, 1), ModelSchedulerTest::ignore, soon());
    assertThat(other.answer().join().tokenIds()).hasSize(500);
    assertThat(slow.answer()).isNotDone();
    patience.countDown();
    List<Integer> ids = slow.answer().join().tokenIds();
    assertThat(heard).isEqualTo(ids.stream().map(id -> id + " ").toList());
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
        submit(
            new SaidTokens(prompt(new Random(77), 30), 5, 4), ModelSchedulerTest::ignore, soon());
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

  @Test
  void aRateFadesWithTime() {
    long second = TimeUnit.SECONDS.toNanos(1);
    RecentRate rate = new RecentRate(-5);
    for (int tenth = 1; tenth <= 1_000; tenth++) {
      rate.add(3, tenth * second / 10 - 5);
    }
    assertThat(rate.perSecond(100 * second)).isBetween(29.0, 31.0);
    assertThat(rate.perSecond(110 * second)).isBetween(10.0, 12.0);
    assertThat(rate.perSecond(1_000 * second)).isLessThan(1e-6);
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
                    submit(new SaidTokens(List.of(i), 2, 1), ModelSchedulerTest::ignore, soon()));
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
    Ticket ticket = submit(new SaidTokens(List.of(1), 1, 1), ModelSchedulerTest::ignore, soon());
    scheduler.start();
    assertFails(ticket, ModelLoadException.class, "damaged");
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
    Ticket late =
        new Ticket(new SaidTokens(List.of(1), 1, 1), ModelSchedulerTest::ignore, soon(), outside);
    assertThat(scheduler.submit(late)).isFalse();
  }

  @Test
  void drainingFinishesWhatWasAcceptedAndTakesNothingNew() {
    Semaphore steps = new Semaphore(0);
    model = new HistoryModel(1, steps::acquireUninterruptibly);
    start(USUAL);
    Ticket running = submit(new SaidTokens(List.of(1), 5, 1), ModelSchedulerTest::ignore, soon());
    Ticket queued = submit(new SaidTokens(List.of(2), 5, 1), ModelSchedulerTest::ignore, soon());
    assertThat(scheduler.reclaim()).isFalse();
    scheduler.drain();
    Ticket late =
        new Ticket(new SaidTokens(List.of(1), 1, 1), ModelSchedulerTest::ignore, soon(), outside);
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
        submit(new SaidTokens(List.of(1), 1_000_000, 1), ModelSchedulerTest::ignore, soon());
    Ticket queued = submit(new SaidTokens(List.of(2), 5, 1), ModelSchedulerTest::ignore, soon());
    scheduler.abort(() -> new ServiceGoneException("the model is leaving"));
    steps.release(1);
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
    assertFails(running, ServiceGoneException.class, "leaving");
    assertFails(queued, ServiceGoneException.class, "leaving");
  }

  private Work endedWork() {
    scheduler.drain();
    assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
    return tally.work();
  }

  private List<Integer> said(List<Integer> prompt, int count) {
    Generation generation =
        submit(new SaidTokens(prompt, count, 1), ModelSchedulerTest::ignore, soon())
            .answer()
            .join();
    return generation.tokenIds();
  }

  private void start(SchedulerSettings settings) {
    HistoryModel opened = model;
    scheduler =
        new ModelScheduler("said", () -> new Opened(opened, opened.places()), settings, tally);
    scheduler.start();
  }

  private Ticket submit(Job job, Consumer<String> listener, RequestContext context) {
    Ticket ticket = new Ticket(job, listener, context, outside);
    assertThat(scheduler.submit(ticket)).isTrue();
    return ticket;
  }

  /** What is not prepared yet is not waited for by those who run. */
  private static void awaitPrepared(Ticket... tickets) {
    for (Ticket ticket : tickets) {
      while (!ticket.isPrepared()) {
        Thread.onSpinWait();
      }
    }
  }

  private void awaitRun() {
    while (model.runs.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private static void assertFails(Ticket ticket, Class<?> type, String message) {
    assertThatThrownBy(() -> ticket.answer().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ignore(String piece) {}

  private static List<Integer> prompt(Random random, int length) {
    return random.ints(length, 0, HistoryModel.FAILS).boxed().toList();
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofMinutes(1));
  }
}
