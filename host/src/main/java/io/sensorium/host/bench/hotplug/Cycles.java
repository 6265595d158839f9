package io.sensorium.host.bench.hotplug;

import io.sensorium.api.RequestContext;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.bench.hotplug.Trend.Point;
import io.sensorium.models.world.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Installs, updates, refreshes and removes an encoder again and again while it and another modality
 * are asked, and compares windows in which that happens with windows in which nothing does.
 */
final class Cycles {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration CALIBRATION = Duration.ofMillis(1_500);
  private static final long SETTLING_NANOS = 200_000_000;
  private static final int OUTSTANDING = 32;
  private static final double MOST_PER_SECOND = 400;
  private static final int WARM_UP_WINDOWS = 2;

  private final ChangedHost host;
  private final Subject subject;
  private final CyclePlan plan;
  private final long seed;
  private final TrialProgress progress;
  private final Latencies steady = new Latencies();
  private final Latencies cycling = new Latencies();
  private final Latencies otherSteady = new Latencies();
  private final Latencies otherCycling = new Latencies();
  private final List<ProcessSample> samples = new ArrayList<>();
  private final List<Integer> sampledAt = new ArrayList<>();
  private long changeNanos;

  Cycles(ChangedHost host, Subject subject, CyclePlan plan, long seed, TrialProgress progress) {
    this.host = host;
    this.subject = subject;
    this.plan = plan;
    this.seed = seed;
    this.progress = progress;
  }

  /** Runs all of it; the host is afterwards as it was before. */
  CycleFigures run() {
    host.sensorium().installBundle(subject.base());
    learn(Subject.BASE);
    Traffic sentences = new SentenceTraffic(this::embed);
    try (LoaderWatch loaders = new LoaderWatch(host.context())) {
      learnVersions();
      double share = plan.load() / 2;
      double own = Math.min(MOST_PER_SECOND, share * capacity(subject.traffic()));
      double other = Math.min(MOST_PER_SECOND, share * capacity(sentences));
      OpenLoopLoad ownLoad = new OpenLoopLoad(host::embeddings, subject.traffic(), own, seed);
      OpenLoopLoad otherLoad = new OpenLoopLoad(host::embeddings, sentences, other, seed + 1);
      try (ownLoad;
          otherLoad) {
        cycleUnder(ownLoad, otherLoad);
      }
      return figures(ownLoad, otherLoad, loaders.retained());
    } finally {
      host.sensorium().uninstallBundle(subject.baseBundle());
    }
  }

  private void learn(int version) {
    host.sensorium().models().settled().join();
    // The first request opens an encoder outside the default space.
    embed(subject.traffic().next(generator()).request());
    host.awaitServing(subject, version);
    subject.traffic().learn(version, this::embed);
  }

  private void learnVersions() {
    host.sensorium().installBundle(subject.first());
    learn(Subject.FIRST);
    host.sensorium().updateBundle(subject.bundle(), subject.second());
    learn(Subject.SECOND);
    host.sensorium().uninstallBundle(subject.bundle());
    host.awaitServing(subject, Subject.BASE);
  }

  private Embedding embed(EncodeRequest request) {
    return host.embeddings().embed(request, RequestContext.within(PATIENCE));
  }

  private RandomGenerator generator() {
    return Seeds.generator(seed);
  }

  /** Answers a second when as many requests as fill a batch are always under way. */
  private double capacity(Traffic traffic) {
    RandomGenerator random = generator();
    List<CompletableFuture<Embedding>> running = new ArrayList<>();
    long start = 0;
    long answered = 0;
    for (int round = 0; round < 2; round++) { // the first warms up
      start = System.nanoTime();
      answered = 0;
      while (System.nanoTime() - start < CALIBRATION.toNanos()) {
        while (running.size() < OUTSTANDING) {
          running.add(
              host.embeddings()
                  .embedAsync(traffic.next(random).request(), RequestContext.within(PATIENCE)));
        }
        running.forEach(CompletableFuture::join);
        answered += running.size();
        running.clear();
      }
    }
    return answered / ((System.nanoTime() - start) / 1e9);
  }

  private void cycleUnder(OpenLoopLoad own, OpenLoopLoad other) {
    int done = 0;
    int window = 0;
    while (done < plan.cycles()) {
      boolean counts = window++ >= WARM_UP_WINDOWS;
      int cycles = Math.min(plan.cyclesPerWindow(), plan.cycles() - done);
      settle();
      own.count(counts ? cycling : null);
      other.count(counts ? otherCycling : null);
      long start = System.nanoTime();
      for (int i = 0; i < cycles; i++) {
        cycle();
      }
      long length = System.nanoTime() - start;
      changeNanos += length;
      own.count(null);
      other.count(null);
      if (counts) {
        done += cycles;
      }
      settle();
      own.count(counts ? steady : null);
      other.count(counts ? otherSteady : null);
      LockSupport.parkNanos(length);
      own.count(null);
      other.count(null);
      if (counts) {
        samples.add(ProcessSample.take(host.sensorium()));
        sampledAt.add(done);
      }
      progress.show(
          done,
          plan.cycles(),
          "%s cycles; failed %d, mixed %d"
              .formatted(subject.bundle(), failures(own, other), own.mixed()));
    }
  }

  private static long failures(OpenLoopLoad own, OpenLoopLoad other) {
    return own.failed() + other.failed();
  }

  /**
   * Both kinds of window begin after a collection, so that neither pays for the other's garbage.
   */
  private static void settle() {
    System.gc();
    LockSupport.parkNanos(SETTLING_NANOS);
  }

  private void cycle() {
    host.sensorium().installBundle(subject.first());
    host.awaitServing(subject, Subject.FIRST);
    pause();
    host.sensorium().updateBundle(subject.bundle(), subject.second());
    host.awaitServing(subject, Subject.SECOND);
    pause();
    host.refresh(subject.bundle());
    host.awaitServing(subject, Subject.SECOND);
    pause();
    host.sensorium().uninstallBundle(subject.bundle());
    host.awaitServing(subject, Subject.BASE);
    pause();
  }

  private void pause() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < plan.pause().toNanos()) {
      LockSupport.parkNanos(plan.pause().toNanos());
    }
  }

  private CycleFigures figures(OpenLoopLoad own, OpenLoopLoad other, List<String> retained) {
    List<String> problems = new ArrayList<>(own.problems());
    problems.addAll(other.problems());
    return new CycleFigures(
        subject.bundle(),
        plan,
        own.sent(),
        other.sent(),
        failures(own, other),
        own.mixed() + other.mixed(),
        problems,
        new Comparison(steady, cycling),
        new Comparison(otherSteady, otherCycling),
        retained,
        lastHalf(ProcessSample::residentBytes),
        lastHalf(ProcessSample::metaspaceBytes),
        lastHalf(ProcessSample::heapBytes),
        samples.getFirst(),
        samples.getLast(),
        changeNanos / 1e9);
  }

  private Trend lastHalf(ToLongFunction<ProcessSample> figure) {
    List<Point> points = new ArrayList<>();
    for (int i = samples.size() / 2; i < samples.size(); i++) {
      points.add(new Point(sampledAt.get(i), figure.applyAsLong(samples.get(i))));
    }
    return Trend.of(points);
  }
}
