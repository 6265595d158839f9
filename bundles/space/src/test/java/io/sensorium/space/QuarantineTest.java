package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.eventually;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.versionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Newcomers that fail in every way, while another generation works under load. */
class QuarantineTest {
  @TempDir Path folder;

  /** What hangs is waited for so long; what works opens in a hundredth of it. */
  private static final Duration HANGING = Duration.ofSeconds(2);

  private static final Tensor VALUES = Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3);
  private static final Tensor MASK = Tensor.ofLongs(Shape.of(1, 3), 1, 1, 1);

  static Stream<Arguments> brokenEncoders() {
    return Stream.of(
        broken("throws", Step.LOAD, "a bug", throwing(new IllegalStateException("a bug"))),
        broken("runs out of memory", Step.LOAD, "OutOfMemory", throwing(new OutOfMemoryError())),
        broken("overflows", Step.LOAD, "StackOverflow", throwing(new StackOverflowError())),
        broken("does not link", Step.LOAD, "Gone", throwing(new NoClassDefFoundError("Gone"))),
        broken("throws what is checked", Step.LOAD, "disk", throwing(new IOException("disk"))),
        broken("throws nameless", Step.LOAD, "Unspeakable", throwing(new Unspeakable())),
        broken("answers null", Step.LOAD, "no preprocessor", graph -> null),
        broken("prepares null", Step.SELF_TEST, "answered nothing", preparing(null)),
        broken("lacks an input", Step.SELF_TEST, "pre.three", preparing(tensors(VALUES, null))),
        broken(
            "gives an input too many",
            Step.SELF_TEST,
            "are required",
            preparing(with(tensors(VALUES, MASK), "more", MASK))),
        broken(
            "gives another type",
            Step.SELF_TEST,
            "pre.three.values",
            preparing(tensors(MASK, MASK))),
        broken(
            "gives another shape",
            Step.SELF_TEST,
            "pre.three.values",
            preparing(tensors(Tensor.ofFloats(Shape.of(1, 2), 1, 2), MASK))),
        broken(
            "gives other values",
            Step.SELF_TEST,
            "largest difference is 0.5",
            preparing(tensors(Tensor.ofFloats(Shape.of(1, 3), 1, 2.5f, 3), MASK))),
        broken(
            "gives no numbers",
            Step.SELF_TEST,
            "must reproduce",
            preparing(tensors(Tensor.ofFloats(Shape.of(1, 3), 1, Float.NaN, 3), MASK))),
        broken(
            "gives another mask",
            Step.SELF_TEST,
            "exactly",
            preparing(tensors(VALUES, Tensor.ofLongs(Shape.of(1, 3), 1, 0, 1)))),
        broken("hangs while it opens", Step.LOAD, "hangs in LOAD", graph -> opened(hang())),
        broken(
            "hangs while it prepares",
            Step.SELF_TEST,
            "hangs in SELF_TEST",
            graph -> input -> hang()));
  }

  private static Arguments broken(String name, Step step, String reason, ModalityEncoder encoder) {
    return Arguments.of(name, step, reason, encoder);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenEncoders")
  void anUpdatedEncoderThatIsBrokenNeverReplacesTheOneThatWorks(
      String name, Step step, String reason, ModalityEncoder broken) throws Exception {
    Duration limit = reason.startsWith("hangs") ? HANGING : EngineFixture.PATIENCE;
    try (EngineFixture fixture = new EngineFixture(EngineFixture.openingWithin(limit))) {
      FakeEncoder working = new FakeEncoder();
      fixture.add(working, NUMBERS);
      fixture.add(FakeModel.recorded(NUMBERS, "world", 1, folder));
      fixture.awaitReady("1");
      try (Clients clients = new Clients(fixture, 2)) {
        long newcomer = fixture.add(broken, NUMBERS);
        eventually(() -> fixture.engine.encoders().getFirst().state() == State.QUARANTINED);
        EncoderStatus status = fixture.engine.encoders().getFirst();
        assertThat(status.reason()).as(name).contains(reason).doesNotContain("\n");
        assertThat(status.step()).isEqualTo(step);
        assertThat(status.bundleId()).isEqualTo(EngineFixture.BUNDLE);
        clients.awaitAnswers(10);
        eventually(() -> fixture.runtime.openLeases.get() == 1);
        fixture.engine.registry().removeEncoder(newcomer);
        assertThat(fixture.engine.encoders()).hasSize(1);
        eventually(() -> openingThreads().findAny().isEmpty());
        clients.awaitAnswers(10);
      }
      assertThat(working.opened).as("the one that works was never opened again").hasValue(1);
    }
  }

  @Test
  void aPackageThatAnswersNoNumbersIsQuarantined() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      fixture.runtime.notNumbers.add("world-numbers 2");
      assertQuarantined(fixture, "finite", () -> fixture.add(FakeModel.of(NUMBERS, "world", 2)));
    }
  }

  @Test
  void aPackageOfAnotherDimensionThanTheSpacesOtherMembersIsQuarantined() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      assertQuarantined(
          fixture,
          "embeddings in world@1 must have 3 components",
          () -> fixture.add(FakeModel.ofDimension(NUMBERS, "world", 2, 4)));
    }
  }

  private static void assertQuarantined(EngineFixture fixture, String reason, Runnable arrival) {
    try (Clients clients = new Clients(fixture, 2)) {
      arrival.run();
      eventually(() -> fixture.engine.encoders().getFirst().state() == State.QUARANTINED);
      assertThat(fixture.engine.encoders().getFirst().reason()).contains(reason);
      clients.awaitAnswers(10);
    }
    assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
    eventually(() -> fixture.runtime.retired.contains("world-numbers 2"));
    assertThat(fixture.runtime.endedUnderALease).isEmpty();
  }

  @Test
  void anEncoderThatHangsOrThrowsWhileItClosesHoldsUpNobody() {
    EngineSettings brief =
        EngineFixture.within(
            Duration.ofMillis(200), EngineFixture.PATIENCE, EngineFixture.PATIENCE);
    try (EngineFixture fixture = new EngineFixture(brief)) {
      CountDownLatch interrupted = new CountDownLatch(1);
      FakeEncoder reader = new FakeEncoder();
      long clinging =
          fixture.add(
              graph -> {
                Preprocessor preprocessor = reader.open(graph);
                return closing(
                    preprocessor,
                    () -> {
                      try {
                        TimeUnit.MINUTES.sleep(1);
                      } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw new StackOverflowError("and it throws");
                      }
                    });
              },
              NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      fixture.engine.registry().removeEncoder(clinging);
      eventually(() -> interrupted.getCount() == 0);
      eventually(() -> fixture.engine.encoders().isEmpty());
      assertThat(fixture.runtime.openLeases).hasValue(0);
      fixture.add(new FakeEncoder(), NUMBERS);
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
    }
  }

  private static Preprocessor closing(Preprocessor preprocessor, Runnable close) {
    return new Preprocessor() {
      @Override
      public Map<String, Tensor> prepare(MediaInput input) {
        return preprocessor.prepare(input);
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }

  private static Stream<Thread> openingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("sensorium-space-open-"))
        .filter(Thread::isAlive);
  }

  /** Hangs until it is interrupted. */
  private static Map<String, Tensor> hang() {
    try {
      TimeUnit.MINUTES.sleep(1);
      throw new IllegalStateException("nobody interrupted it");
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Preprocessor opened(Map<String, Tensor> tensors) {
    return input -> tensors;
  }

  private static ModalityEncoder throwing(Throwable failure) {
    return graph -> {
      new Sneaky<RuntimeException>(failure).fail();
      return null;
    };
  }

  /** Throws whatever it likes: a plug-in need not be compiled against our promises. */
  private record Sneaky<T extends Throwable>(Throwable failure) {
    @SuppressWarnings("unchecked") // The cast is the trick.
    void fail() throws T {
      throw (T) failure;
    }
  }

  private static ModalityEncoder preparing(Map<String, Tensor> tensors) {
    return graph -> input -> tensors;
  }

  private static Map<String, Tensor> tensors(Tensor values, Tensor mask) {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put(FakeModel.VALUES, values);
    if (mask != null) {
      tensors.put(FakeModel.MASK, mask);
    }
    return tensors;
  }

  private static Map<String, Tensor> with(Map<String, Tensor> tensors, String name, Tensor tensor) {
    tensors.put(name, tensor);
    return tensors;
  }

  /** Cannot even say what happened. */
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no words");
    }
  }
}
