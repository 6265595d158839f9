package io.sensorium.space;

import static io.sensorium.space.EngineFixture.eventually;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.settings;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.sumOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.InferenceException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.space.Embedding;
import io.sensorium.space.EngineFixture.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BatchingTest {
  /** So long that a slow machine's batches are the same as a fast one's. */
  private static final Duration GATHER_ALL = Duration.ofMinutes(2);

  @Test
  void requestsThatComeDuringARunAreRunTogether() {
    try (EngineFixture fixture = new EngineFixture(settings(32, GATHER_ALL, 256, 1 << 20))) {
      fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      List<CompletableFuture<Embedding>> answers = new ArrayList<>();
      answers.add(fixture.submit("0"));
      gate.awaitEntered();
      for (int i = 1; i <= 33; i++) {
        answers.add(fixture.submit(Integer.toString(i)));
      }
      fixture.runtime.beforeRun = () -> {};
      gate.open.countDown();

      for (int i = 0; i <= 33; i++) {
        assertThat(sumOf(answers.get(i).join(), 1)).isCloseTo(i, within(1e-3));
        assertThat(answers.get(i).join().norm()).isCloseTo(1, within(1e-4));
      }
      assertThat(fixture.onlyStatus().meanBatch()).isEqualTo(34 / 3.0);
      assertThat(fixture.onlyStatus().requests()).isEqualTo(34);
      assertThat(fixture.runtime.runs)
          .allSatisfy(shape -> assertThat(shape.dimension(0)).isLessThanOrEqualTo(32));
    }
  }

  @Test
  void aLoneRequestIsNotHeldBackForOthers() {
    try (EngineFixture fixture = new EngineFixture(settings(32, GATHER_ALL, 256, 1 << 20))) {
      fixture.ready();
      RequestContext context = RequestContext.within(GATHER_ALL.dividedBy(2));
      assertThat(sumOf(fixture.engine.embed(numbers("7"), context), 1)).isCloseTo(7, within(1e-3));
    }
  }

  @Test
  void aFullQueueRefusesAtOnceAndTakesAgainWhenItHasRoom() {
    try (EngineFixture fixture = new EngineFixture(settings(2, Duration.ZERO, 5, 1 << 20))) {
      fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      List<CompletableFuture<Embedding>> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        answers.add(fixture.submit("1"));
      }
      assertThatThrownBy(() -> fixture.engine.embed(numbers("1"), soon()))
          .isInstanceOf(ResourceExhaustedException.class)
          .hasMessageContaining("5 of 5 items");
      gate.awaitEntered();
      answers.getLast().cancel(false);
      answers.add(fixture.submit("1"));
      fixture.runtime.beforeRun = () -> {};
      gate.open.countDown();
      answers.remove(4);
      answers.forEach(CompletableFuture::join);
    }
  }

  @Test
  void aQueueIsBoundedByBytesToo() {
    try (EngineFixture fixture = new EngineFixture(settings(2, Duration.ZERO, 100, 10))) {
      fixture.ready();
      assertThatThrownBy(() -> fixture.engine.embed(numbers("1 2 3 4 5 6 7"), soon()))
          .isInstanceOf(ResourceExhaustedException.class)
          .hasMessageContaining("13 more are over the limit of 10");
      fixture.engine.embed(numbers("1 2 3"), soon());
    }
  }

  @Test
  void aRequestFailsAtItsDeadlineAndLeavesTheQueue() {
    try (EngineFixture fixture = new EngineFixture(settings(1, Duration.ZERO, 2, 1 << 20))) {
      fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      CompletableFuture<Embedding> running = fixture.submit("1");
      gate.awaitEntered();
      assertThatThrownBy(
              () ->
                  fixture.engine.embed(numbers("2"), RequestContext.within(Duration.ofMillis(30))))
          .isInstanceOf(DeadlineExceededException.class);
      CompletableFuture<Embedding> late =
          fixture.engine.embedAsync(numbers("3"), RequestContext.within(Duration.ofMillis(30)));
      assertThatThrownBy(late::join).hasCauseInstanceOf(DeadlineExceededException.class);
      CompletableFuture<Embedding> next = fixture.submit("4");
      fixture.runtime.beforeRun = () -> {};
      gate.open.countDown();
      assertThat(sumOf(running.join(), 1)).isCloseTo(1, within(1e-3));
      assertThat(sumOf(next.join(), 1)).isCloseTo(4, within(1e-3));
      assertThat(fixture.runtime.runs).hasSize(2);
    }
  }

  @Test
  void cancellingAContextEndsTheRequestWhereverItIs() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      RequestContext context = soon();
      CompletableFuture<Embedding> running = fixture.engine.embedAsync(numbers("1"), context);
      gate.awaitEntered();
      CompletableFuture<Embedding> waiting = fixture.engine.embedAsync(numbers("2"), context);
      context.cancel();
      assertThatThrownBy(running::join).hasCauseInstanceOf(RequestCancelledException.class);
      assertThatThrownBy(waiting::join).hasCauseInstanceOf(RequestCancelledException.class);
      assertThatThrownBy(() -> fixture.engine.embed(numbers("3"), context))
          .isInstanceOf(RequestCancelledException.class);
      gate.open.countDown();
    }
  }

  @Test
  void aBadItemFailsAlone() {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder encoder = fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      CompletableFuture<Embedding> first = fixture.submit("0");
      gate.awaitEntered();
      CompletableFuture<Embedding> unreadable = fixture.submit("seven");
      CompletableFuture<Embedding> crashing = fixture.submit("crash");
      CompletableFuture<Embedding> misshapen = fixture.submit("0 0 0 0");
      CompletableFuture<Embedding> poisonous = fixture.submit("-666");
      CompletableFuture<Embedding> undefined = fixture.submit("-777");
      List<CompletableFuture<Embedding>> good = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        good.add(fixture.submit(Integer.toString(i)));
      }
      eventually(() -> encoder.preparing.get() == 0);
      fixture.runtime.beforeRun = () -> {};
      gate.open.countDown();

      first.join();
      for (int i = 0; i < 7; i++) {
        assertThat(sumOf(good.get(i).join(), 1)).isCloseTo(i, within(1e-3));
      }
      assertThatThrownBy(unreadable::join).hasCauseInstanceOf(UnsupportedInputException.class);
      assertThatThrownBy(crashing::join)
          .hasCauseInstanceOf(InferenceException.class)
          .hasMessageContaining("a bug in the encoder");
      assertThatThrownBy(misshapen::join)
          .hasCauseInstanceOf(ShapeMismatchException.class)
          .hasMessageContaining("input 'attention_mask' must be int64[n,n]");
      assertThatThrownBy(poisonous::join)
          .hasCauseInstanceOf(InferenceException.class)
          .hasMessageContaining("poisoned");
      assertThatThrownBy(undefined::join)
          .hasCauseInstanceOf(InferenceException.class)
          .hasMessageContaining("NaN");
    }
  }

  @Test
  void itemsOfLikeLengthShareARunAndAreZeroPadded() {
    try (EngineFixture fixture = new EngineFixture(settings(32, GATHER_ALL, 256, 1 << 20))) {
      fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      CompletableFuture<Embedding> first = fixture.submit("9 9 9 9 9 9 9 9");
      gate.awaitEntered();
      CompletableFuture<Embedding> four = fixture.submit("1 2 3 4");
      CompletableFuture<Embedding> five = fixture.submit("1 2 3 4 5");
      CompletableFuture<Embedding> eleven = fixture.submit("1 1 1 1 1 1 1 1 1 1 1");
      fixture.runtime.beforeRun = () -> {};
      gate.open.countDown();

      assertThat(sumOf(first.join(), 8)).isCloseTo(72, within(1e-3));
      assertThat(sumOf(four.join(), 4)).isCloseTo(10, within(1e-3));
      assertThat(sumOf(five.join(), 5)).isCloseTo(15, within(1e-3));
      assertThat(sumOf(eleven.join(), 11)).isCloseTo(11, within(1e-3));
      assertThat(fixture.runtime.runs.toString()).isEqualTo("[[1,8], [2,5], [1,11]]");
    }
  }
}
