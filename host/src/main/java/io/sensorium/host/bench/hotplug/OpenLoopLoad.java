package io.sensorium.host.bench.hotplug;

import io.sensorium.api.RequestContext;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.host.bench.hotplug.Traffic.Judge;
import io.sensorium.host.bench.hotplug.Traffic.Sent;
import io.sensorium.models.world.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sends requests of one kind at random times that depend on no answer, as many users do.
 *
 * <p>A latency counts from the time that a request was due, so that one which had to wait because
 * everything stood still is as late as its user would say. A machine that falls behind is not asked
 * for more than its queue holds: a refusal would tell of its speed, not of a change. Every answer
 * is judged. Thread-safe.
 */
final class OpenLoopLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PROBLEMS_KEPT = 5;

  /** Half of what an encoder's queue takes. */
  private static final long MOST_UNANSWERED = 128;

  private static final long BEHIND_NANOS = 1_000_000;

  private final Supplier<EmbeddingService> service;
  private final Traffic traffic;
  private final double meanGapNanos;
  private final RandomGenerator random;
  private final LongAdder sent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder mixed = new LongAdder();
  private final AtomicInteger versionSeen = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile Latencies window;
  private volatile boolean closed;

  /** Starts it; latencies count once a window is opened. */
  OpenLoopLoad(Supplier<EmbeddingService> service, Traffic traffic, double perSecond, long seed) {
    this.service = service;
    this.traffic = traffic;
    this.meanGapNanos = 1e9 / perSecond;
    this.random = Seeds.generator(seed);
    this.thread =
        Thread.ofPlatform().daemon().name("hotplug-load-" + traffic.name()).start(this::run);
  }

  /** Requests that are due from now on are counted there; null for nowhere. */
  void count(Latencies latencies) {
    window = latencies;
  }

  long sent() {
    return sent.sum();
  }

  /** Requests that got no answer. */
  long failed() {
    return failed.sum();
  }

  /** Answers that no single version gives. */
  long mixed() {
    return mixed.sum();
  }

  /** The first few failures. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** The version that gave the last answer. */
  int versionSeen() {
    return versionSeen.get();
  }

  private void run() {
    double due = System.nanoTime();
    while (!closed) {
      due += -meanGapNanos * Math.log(1 - random.nextDouble());
      long pause = (long) due - System.nanoTime();
      while (pause > 0 && !closed) {
        LockSupport.parkNanos(pause);
        pause = (long) due - System.nanoTime();
      }
      while (sent.sum() - answered.sum() >= MOST_UNANSWERED && !closed) {
        LockSupport.parkNanos(BEHIND_NANOS);
      }
      send((long) due);
    }
  }

  private void send(long dueNanos) {
    Latencies counted = window;
    Sent each = traffic.next(random);
    sent.increment();
    try {
      var _ =
          service
              .get()
              .embedAsync(each.request(), RequestContext.within(PATIENCE))
              .whenComplete(
                  (answer, failure) -> judge(each.judge(), dueNanos, counted, answer, failure));
    } catch (RuntimeException e) {
      judge(each.judge(), dueNanos, counted, null, e);
    }
  }

  private void judge(
      Judge judge, long dueNanos, Latencies counted, Embedding answer, Throwable failure) {
    if (counted != null) {
      counted.record(System.nanoTime() - dueNanos);
    }
    if (failure != null) {
      failed.increment();
      remember(failure.toString());
    } else {
      int version = judge.version(answer);
      if (version == Judge.MIXED) {
        mixed.increment();
        remember("mixed: " + answer);
      } else {
        versionSeen.set(version);
      }
    }
    answered.increment();
  }

  private void remember(String problem) {
    if (problems.size() < PROBLEMS_KEPT) {
      problems.add(traffic.name() + ": " + problem);
    }
  }

  /** Sends nothing more and waits for what is under way. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while ((thread.isAlive() || answered.sum() < sent.sum()) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
