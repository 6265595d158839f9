package io.sensorium.host.bench.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.bench.hotplug.ThreadFigures.Change;
import io.sensorium.host.bench.hotplug.plugin.ProbeEncoder;
import io.sensorium.models.world.Seeds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Many threads install, update and remove one bundle, each as it comes. */
final class ThreadTrials {
  private static final String BUNDLE = "hotplug-shared";
  private static final Duration STANDSTILL = Duration.ofSeconds(60);

  private final ChangedHost host;
  private final Path first;
  private final Path second;
  private final long seed;
  private final TrialProgress progress;
  private final List<Change> changes = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  ThreadTrials(ChangedHost host, Path folder, long seed, TrialProgress progress)
      throws IOException {
    this.host = host;
    this.first = jar(folder, Subject.FIRST);
    this.second = jar(folder, Subject.SECOND);
    this.seed = seed;
    this.progress = progress;
  }

  private static Path jar(Path folder, int version) throws IOException {
    return Subject.bundle(BUNDLE, version)
        .encoder(ProbeEncoder.class, Subject.properties(version))
        .write(folder.resolve(BUNDLE + "-" + version + ".jar"));
  }

  ThreadFigures run(int threads, int changesPerThread) {
    try (LoaderWatch loaders = new LoaderWatch(host.context())) {
      long start = System.nanoTime();
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        RandomGenerator random = Seeds.generator(seed, i);
        all.add(
            Thread.ofPlatform()
                .daemon()
                .name("hotplug-changes-" + i)
                .start(() -> change(random, changesPerThread)));
      }
      String standstill = watch(all, (long) threads * changesPerThread);
      double seconds = (System.nanoTime() - start) / 1e9;
      List<BundleStatus> left = host.bundles(BUNDLE);
      List<Change> successes = List.copyOf(changes);
      if (standstill.isEmpty() && !left.isEmpty()) {
        host.sensorium().uninstallBundle(BUNDLE);
      }
      return new ThreadFigures(
          threads,
          changesPerThread,
          refused.get(),
          seconds,
          standstill,
          left.stream().map(BundleStatus::version).toList(),
          ThreadFigures.lastOf(successes),
          loaders.retained());
    }
  }

  private void change(RandomGenerator random, int count) {
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      try {
        String version = changeOnce(random);
        changes.add(new Change(start, System.nanoTime(), version));
      } catch (BundleException e) {
        refused.incrementAndGet();
      }
      done.incrementAndGet();
    }
  }

  /** The version that is there afterwards; empty for none. */
  private String changeOnce(RandomGenerator random) {
    Path jar = random.nextBoolean() ? first : second;
    return switch (random.nextInt(3)) {
      case 0 -> host.sensorium().installBundle(jar).version();
      case 1 -> host.sensorium().updateBundle(BUNDLE, jar).version();
      default -> {
        host.sensorium().uninstallBundle(BUNDLE);
        yield "";
      }
    };
  }

  /** Waits for all threads; answers why it gave up, or nothing. */
  private String watch(List<Thread> threads, long total) {
    long last = -1;
    long since = System.nanoTime();
    try {
      for (Thread thread : threads) {
        while (!thread.join(Duration.ofSeconds(1))) {
          long now = done.get();
          progress.show(now, total, "changes by %d threads".formatted(threads.size()));
          if (now != last) {
            last = now;
            since = System.nanoTime();
          } else if (System.nanoTime() - since > STANDSTILL.toNanos()) {
            return standstill();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
    return "";
  }

  private static String standstill() {
    long[] locked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    return "nothing was done for %s; %d threads are in a deadlock"
        .formatted(STANDSTILL, locked == null ? 0 : locked.length);
  }
}
