package io.sensorium.space;

import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.sumOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.space.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that ask for numbers one after the other until they are closed; none may fail. */
final class Clients implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<CompletableFuture<Void>> clients = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean over;

  Clients(EngineFixture fixture, int count) {
    for (int i = 0; i < count; i++) {
      int value = i + 1;
      clients.add(CompletableFuture.runAsync(() -> ask(fixture, value), threads));
    }
  }

  private void ask(EngineFixture fixture, int value) {
    String text = Integer.toString(value);
    while (!over) {
      try {
        Embedding embedding = fixture.engine.embed(numbers(text), soon());
        assertThat(sumOf(embedding, 1)).isBetween(value - 0.1, value + 0.1);
        answered.incrementAndGet();
      } catch (Throwable failure) {
        failures.add(failure);
        return;
      }
    }
  }

  /** Waits until that many more requests were answered. */
  void awaitAnswers(int more) {
    int before = answered.get();
    EngineFixture.eventually(() -> answered.get() >= before + more || !failures.isEmpty());
  }

  @Override
  public void close() {
    over = true;
    clients.forEach(CompletableFuture::join);
    threads.shutdown();
    assertThat(failures).isEmpty();
    assertThat(answered.get()).isPositive();
  }
}
