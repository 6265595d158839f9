package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.eventually;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.sumOf;
import static io.sensorium.space.EngineFixture.versionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.space.Embedding;
import io.sensorium.space.EngineFixture.Gate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class HotPlugStressTest {
  private static final int CLIENTS = 4;
  private static final int REQUESTS_PER_CLIENT = 3_000;
  private static final int SWAPS = 60;

  @Test
  void encodersAndPackagesAreSwappedUnderLoadWithoutALostOrMixedAnswer() throws Exception {
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger cancelled = new AtomicInteger();
    List<FakeEncoder> encoders = new ArrayList<>();
    FakeRuntime runtime;
    try (EngineFixture fixture = new EngineFixture();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      runtime = fixture.runtime;
      FakeEncoder first = new FakeEncoder();
      encoders.add(first);
      long encoderId = fixture.add(first, NUMBERS);
      long packageId = fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed + client);
        clients.add(
            CompletableFuture.runAsync(
                () -> load(fixture, random, failures, answered, cancelled), threads));
      }
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed - 1);
      for (int swap = 2; swap <= SWAPS; swap++) {
        int version = swap;
        disturb(fixture, random);
        if (random.nextBoolean()) {
          FakeEncoder encoder = new FakeEncoder();
          encoders.add(encoder);
          // An update first takes the old encoder away, an installation does not.
          if (random.nextBoolean()) {
            fixture.engine.registry().removeEncoder(encoderId);
            encoderId = fixture.add(encoder, NUMBERS);
          } else {
            long newer = fixture.add(encoder, NUMBERS);
            eventually(() -> encoder.opened.get() > 0);
            fixture.engine.registry().removeEncoder(encoderId);
            encoderId = newer;
          }
        } else {
          long newer = fixture.add(FakeModel.of(NUMBERS, "world", version));
          if (random.nextBoolean()) {
            fixture.awaitReady(Integer.toString(version));
          }
          fixture.engine.registry().removePackage(packageId);
          packageId = newer;
        }
      }
      CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
    }
    assertThat(failures).isEmpty();
    assertThat(runtime.endedUnderALease).isEmpty();
    assertThat(answered.get() + cancelled.get()).isEqualTo(CLIENTS * REQUESTS_PER_CLIENT);
    for (FakeEncoder encoder : encoders) {
      assertThat(encoder.usedAfterClose).hasValue(0);
      assertThat(encoder.closed).hasValue(encoder.opened.get());
    }
  }

  /** Lets a newcomer fail, or puts what serves to sleep if it is idle. */
  private static void disturb(EngineFixture fixture, RandomGenerator random) {
    switch (random.nextInt(3)) {
      case 0 -> {
        long broken =
            fixture.add(
                graph -> {
                  throw new IllegalStateException("broken");
                },
                NUMBERS);
        if (random.nextBoolean()) {
          eventually(() -> fixture.engine.encoders().stream().anyMatch(e -> !e.reason().isEmpty()));
        }
        fixture.engine.registry().removeEncoder(broken);
      }
      case 1 -> fixture.runtime.holders.forEach(Reclaimable::reclaim);
      default -> {
        // Nothing happens.
      }
    }
  }

  private static void load(
      EngineFixture fixture,
      RandomGenerator random,
      Queue<Throwable> failures,
      AtomicInteger answered,
      AtomicInteger cancelled) {
    Deque<Pending> window = new ArrayDeque<>();
    for (int i = 0; i < REQUESTS_PER_CLIENT; i++) {
      int count = random.nextInt(1, 12);
      int value = random.nextInt(1, 100);
      String text = (value + " ").repeat(count).strip();
      Pending pending =
          new Pending(value * count, count, fixture.engine.embedAsync(numbers(text), soon()));
      if (random.nextInt(50) == 0 && pending.answer().cancel(false)) {
        cancelled.incrementAndGet();
        continue;
      }
      window.add(pending);
      while (window.size() > 16) {
        check(window.poll(), failures, answered);
      }
    }
    window.forEach(pending -> check(pending, failures, answered));
  }

  private record Pending(int sum, int count, CompletableFuture<Embedding> answer) {}

  private static void check(Pending pending, Queue<Throwable> failures, AtomicInteger answered) {
    try {
      Embedding embedding = pending.answer().join();
      assertThat(sumOf(embedding, pending.count()))
          .isBetween(pending.sum() - 0.1, pending.sum() + 0.1);
      assertThat(versionOf(embedding, pending.count())).isBetween(1, SWAPS);
      answered.incrementAndGet();
    } catch (Throwable failure) {
      failures.add(failure);
    }
  }

  @Test
  void overloadIsRefusedAtOnceAndWhatWasAcceptedIsAnswered() {
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.println("seed " + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    try (EngineFixture fixture =
        new EngineFixture(EngineFixture.settings(7, Duration.ofMillis(1), 21, 1 << 20))) {
      fixture.ready();
      // The first run is held up until the queue is full, however fast the others would be.
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      int refused = 0;
      List<CompletableFuture<Embedding>> accepted = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        CompletableFuture<Embedding> answer =
            fixture.submit(Integer.toString(random.nextInt(1, 1_000)));
        if (answer.isCompletedExceptionally()) {
          refused++;
          fixture.runtime.beforeRun = () -> {};
          gate.open.countDown();
        } else {
          accepted.add(answer);
        }
      }
      accepted.forEach(CompletableFuture::join);
      assertThat(refused).as("five thousand at once do not fit a queue of 21").isPositive();
      assertThat(fixture.onlyStatus().requests()).isEqualTo(5_000 - refused);
      assertThat(fixture.submit("1").join().dimension()).isEqualTo(3);
    }
  }
}
