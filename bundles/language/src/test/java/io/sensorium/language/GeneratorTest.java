package io.sensorium.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.language.scheduling.HistoryModel;
import io.sensorium.language.scheduling.SchedulerSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GeneratorTest {
  private static final List<Integer> PROMPT = List.of(3, 1, 4);

  private final Semaphore steps = new Semaphore(1_000_000);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final HistoryBackend backend = new HistoryBackend();
  private Generator generator = generator(Duration.ofMinutes(1));

  /** Opens models for so many sequences at most. */
  private final class HistoryBackend implements LanguageBackend {
    private final List<HistoryModel> opened = new CopyOnWriteArrayList<>();
    private final List<SequenceLimits> asked = new CopyOnWriteArrayList<>();
    private volatile int most = 100;
    private volatile CountDownLatch opening = new CountDownLatch(0);

    @Override
    public boolean runs(ModelPackage model) {
      return true;
    }

    @Override
    public LanguageModel open(ModelPackage model, SequenceLimits limits, RequestContext context) {
      asked.add(limits);
      awaitQuietly(opening);
      if (limits.sequences() > most) {
        throw new ResourceExhaustedException("the memory is full");
      }
      HistoryModel open =
          new HistoryModel(
              limits.sequences(),
              () -> {
                begun.countDown();
                steps.acquireUninterruptibly();
              },
              model);
      opened.add(open);
      return open;
    }
  }

  private static Generator generator(Duration drain) {
    return new Generator(
        new GeneratorSettings(
            new SequenceLimits(4, 100),
            new SchedulerSettings(10, 64, true),
            drain,
            Duration.ofMinutes(1)));
  }

  @AfterEach
  void close() {
    steps.release(1_000_000);
    generator.close();
    assertThat(backend.opened).allMatch(model -> model.closed);
  }

  @Test
  void opensAModelAtItsFirstRequestAndSaysIdsWithoutATokenizer() {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    assertThat(backend.opened).isEmpty();

    Generation made = generator.generate(request("said", 20), piece -> {}, soon());
    assertThat(made.tokenIds()).isEqualTo(HistoryModel.said(PROMPT, 20));
    assertThat(made.text()).isEmpty();
    assertThat(made.promptTokens()).isEqualTo(3);
    assertThat(made.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(made.model()).isEqualTo("said 1");
  }

  @Test
  void tellsOfEveryModelInServiceWhatItDoesAndHasDone() {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    generator.add(HistoryModel.model("other", "1"), 8);
    assertThat(generator.models())
        .extracting(LanguageModelStatus::model)
        .containsExactly("other", "said");
    assertThat(generator.models()).noneMatch(LanguageModelStatus::open);

    generator.generate(request("said", 20), piece -> {}, soon());
    awaitIdle(backend.opened.getFirst());
    LanguageModelStatus said = generator.models().getLast();
    assertThat(said.open()).isTrue();
    assertThat(said.load().sequences()).isEqualTo(4);
    assertThat(said.work()).isEqualTo(new LanguageModelStatus.Work(1, 20, 3, 0, 0, 20));
    // What it has done is known also once it is closed.
    assertThat(backend.opened.getFirst().holder.reclaim()).isTrue();
    while (generator.models().getLast().open()) {
      Thread.onSpinWait();
    }
    generator.generate(request("said", 20), piece -> {}, soon());
    assertThat(generator.models().getLast().work().answerTokens()).isEqualTo(40);
    generator.remove(8);
    assertThat(generator.models()).hasSize(1);
  }

  @Test
  void badRequestsAreToldWhatIsWrong() {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    generator.add(HistoryModel.model("other", "1"), 8);
    assertThatThrownBy(() -> generator.generate(request("sad", 5), piece -> {}, soon()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'sad' is none of those in service: [other, said]");
    assertRefused(Prompt.of("words"), "no tokenizer");
    assertRefused(Prompt.question("words?"), "no tokenizer");
    assertRefused(new Prompt.Raw(List.of()), "at least one token");
    assertRefused(ids(List.of(5, 97)), "must be in 0..96; found 97");
    assertRefused(ids(List.of(5, -1)), "must be in 0..96; found -1");
    assertRefused(ids(Collections.nCopies(2_000_000, 1)), "2000000");
    assertThat(generator.generate(request("said", 5), piece -> {}, soon()).tokenIds()).hasSize(5);
  }

  private void assertRefused(Prompt prompt, String message) {
    GenerationRequest request = new GenerationRequest("said", prompt, DecodingOptions.greedy(5));
    assertThatThrownBy(() -> generator.generate(request, piece -> {}, soon()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aPackageThatLeavesFinishesWhatItBegan() throws InterruptedException {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    steps.drainPermits();
    CompletableFuture<Generation> running =
        generator.generateAsync(request("said", 30), piece -> {}, soon());
    begun.await();
    CompletableFuture<Void> removal = CompletableFuture.runAsync(() -> generator.remove(7));
    assertThatThrownBy(() -> awaitGone("said"))
        .isInstanceOf(ServiceGoneException.class)
        .hasMessageContaining("'said' has left");
    assertThat(removal).isNotDone();
    steps.release(1_000_000);
    assertThat(running.join().tokenIds()).isEqualTo(HistoryModel.said(PROMPT, 30));
    removal.join();
    assertThat(backend.opened.getFirst().closed).isTrue();
  }

  @Test
  void atTheDrainDeadlineWhatIsUnansweredFails() throws InterruptedException {
    generator.close();
    generator = generator(Duration.ofMillis(50));
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    CompletableFuture<Generation> endless =
        generator.generateAsync(request("said", 1_000_000), piece -> {}, soon());
    begun.await();
    generator.remove(7);
    assertThatThrownBy(endless::join)
        .cause()
        .isInstanceOf(ServiceGoneException.class)
        .hasMessageContaining("model said 1 is leaving");
    assertThat(backend.opened.getFirst().closed).isTrue();
  }

  @Test
  void aNewVersionTakesOverBetweenRequests() throws InterruptedException {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    steps.drainPermits();
    CompletableFuture<Generation> old =
        generator.generateAsync(request("said", 30), piece -> {}, soon());
    begun.await();
    generator.add(HistoryModel.model("said", "2"), 8);
    CompletableFuture<Void> removal = CompletableFuture.runAsync(() -> generator.remove(7));
    CompletableFuture<Generation> fresh =
        generator.generateAsync(request("said", 30), piece -> {}, soon());
    steps.release(1_000_000);
    assertThat(old.join().model()).isEqualTo("said 1");
    assertThat(fresh.join().model()).isEqualTo("said 2");
    removal.join();
    assertThat(backend.opened).hasSize(2);
  }

  @Test
  void aModelIsOpenedForAsManySequencesAsTheMemorySufficesFor() {
    backend.most = 1;
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    assertThat(generator.generate(request("said", 5), piece -> {}, soon()).tokenIds()).hasSize(5);
    assertThat(backend.asked).extracting(SequenceLimits::sequences).containsExactly(4, 2, 1);

    backend.most = 0;
    generator.add(HistoryModel.model("large", "1"), 8);
    assertThatThrownBy(() -> generator.generate(request("large", 5), piece -> {}, soon()))
        .isInstanceOf(ResourceExhaustedException.class)
        .hasMessageContaining("the memory is full");
    backend.most = 8;
    assertThat(generator.generate(request("large", 5), piece -> {}, soon()).tokenIds()).hasSize(5);
  }

  @Test
  void anIdleModelGivesItsMemoryBackAndOpensAgain() {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    generator.generate(request("said", 5), piece -> {}, soon());
    HistoryModel first = backend.opened.getFirst();
    awaitIdle(first);
    assertThat(first.holder.reclaim()).isTrue();
    assertThat(generator.generate(request("said", 9), piece -> {}, soon()).tokenIds())
        .isEqualTo(HistoryModel.said(PROMPT, 9));
    assertThat(backend.opened).hasSize(2);
    // Its own thread closes it.
    while (!first.closed) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aModelThatWorksKeepsItsMemory() throws InterruptedException {
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    steps.drainPermits();
    CompletableFuture<Generation> running =
        generator.generateAsync(request("said", 5), piece -> {}, soon());
    begun.await();
    HistoryModel model = backend.opened.getFirst();
    assertThat(model.holder.idle()).isZero();
    assertThat(model.holder.reclaim()).isFalse();
    steps.release(1_000_000);
    assertThat(running.join().tokenIds()).hasSize(5);
  }

  @Test
  void aBackendThatLeavesFinishesWhatItRunsAndAnotherOneTakesOver() {
    generator.add(HistoryModel.model("said", "1"), 7);
    assertThatThrownBy(() -> generator.generate(request("said", 5), piece -> {}, soon()))
        .isInstanceOf(ServiceGoneException.class)
        .hasMessageContaining("a backend that runs model said 1 (history) is required");
    generator.add(backend);
    generator.generate(request("said", 5), piece -> {}, soon());
    generator.remove(backend);
    assertThat(backend.opened.getFirst().closed).isTrue();
    HistoryBackend other = new HistoryBackend();
    generator.add(other);
    assertThat(generator.generate(request("said", 5), piece -> {}, soon()).tokenIds()).hasSize(5);
    assertThat(other.opened).hasSize(1);
  }

  @Test
  void deadlineAndCancellationAreHeardWhileAModelOpens() {
    backend.opening = new CountDownLatch(1);
    generator.add(backend);
    generator.add(HistoryModel.model("said", "1"), 7);
    RequestContext brief = RequestContext.within(Duration.ofMillis(50));
    assertThatThrownBy(() -> generator.generate(request("said", 5), piece -> {}, brief))
        .isInstanceOf(DeadlineExceededException.class);
    RequestContext cancelled = soon();
    CompletableFuture<Generation> second =
        generator.generateAsync(request("said", 5), piece -> {}, cancelled);
    CompletableFuture<Generation> third =
        generator.generateAsync(request("said", 5), piece -> {}, soon());
    cancelled.cancel();
    assertThatThrownBy(second::join).cause().isInstanceOf(RequestCancelledException.class);
    assertThat(third).isNotDone();
    backend.opening.countDown();
    assertThat(third.join().tokenIds()).hasSize(5);
  }

  private void awaitGone(String id) throws InterruptedException {
    while (true) {
      RequestContext context = soon();
      CompletableFuture<Generation> answer =
          generator.generateAsync(request(id, 1), piece -> {}, context);
      if (answer.isCompletedExceptionally()) {
        generator.generate(request(id, 1), piece -> {}, soon());
      }
      context.cancel();
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static void awaitIdle(HistoryModel model) {
    while (model.holder.idle().isZero()) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static GenerationRequest request(String model, int tokens) {
    return new GenerationRequest(model, ids(PROMPT), DecodingOptions.greedy(tokens));
  }

  private static Prompt ids(List<Integer> ids) {
    return new Prompt.Raw(List.of(new PromptPart.Tokens(ids)));
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofMinutes(1));
  }
}
