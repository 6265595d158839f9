package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Takes a sense out of a host and drops it back into its deploy folder while searches run. */
final class HotPlug {
  private static final String BUNDLES = "META-INF/sensorium/";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long BETWEEN_REQUESTS_NANOS = 2_000_000;
  private static final long BETWEEN_LOOKS_NANOS = 10_000_000;

  private final Sensorium sensorium;
  private final String bundle;

  HotPlug(Sensorium sensorium, String bundle) {
    this.sensorium = sensorium;
    this.bundle = bundle;
  }

  /**
   * How it went.
   *
   * @param bundle the jar that was dropped
   * @param seconds from the jar in the folder to the first encoder that answers
   * @param requests answered meanwhile
   * @param failedRequests that were not answered
   */
  record Outcome(String bundle, double seconds, long requests, long failedRequests) {
    String summary() {
      return "Dropped %s into the deploy folder: a new sense after %.1f s; %d searches ran, %d failed"
          .formatted(bundle, seconds, requests, failedRequests);
    }
  }

  /** Takes the sense out. */
  void unplug() {
    sensorium.uninstallBundle(bundle);
  }

  /** Drops the jar in and waits until the modality is understood, under load all the while. */
  Outcome plugIn(Modality modality) throws IOException {
    LongAdder answered = new LongAdder();
    LongAdder failed = new LongAdder();
    AtomicBoolean done = new AtomicBoolean();
    Thread load = Thread.ofPlatform().name("demo-load").start(() -> search(done, answered, failed));
    try {
      long start = System.nanoTime();
      String jar = drop();
      await(modality, start);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Outcome(jar, seconds, answered.sum(), finish(load, done, failed));
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      done.set(true);
    }
  }

  private long finish(Thread load, AtomicBoolean done, LongAdder failed) {
    done.set(true);
    try {
      load.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return failed.sum();
  }

  private void search(AtomicBoolean done, LongAdder answered, LongAdder failed) {
    while (!done.get()) {
      try {
        sensorium.search(SearchRequest.text("a bell").among(Modality.IMAGE).top(3));
        answered.increment();
      } catch (SensoriumException e) {
        failed.increment();
      }
      LockSupport.parkNanos(BETWEEN_REQUESTS_NANOS);
    }
  }

  private String drop() throws IOException {
    String name = jarName();
    Path deploy = sensorium.options().home().resolve("deploy");
    Path partial = Files.createTempFile(sensorium.options().home(), "bundle", ".part");
    try (InputStream jar = resource("bundles/" + name)) {
      Files.copy(jar, partial, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createDirectories(deploy);
    Files.move(partial, deploy.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    return name;
  }

  private String jarName() throws IOException {
    try (InputStream index = resource("bundles.index")) {
      return new String(index.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.substring(line.indexOf(' ') + 1).strip())
          .filter(name -> name.startsWith(bundle))
          .findFirst()
          .orElseThrow(() -> new FileNotFoundException("the host carries no bundle " + bundle));
    }
  }

  private static InputStream resource(String path) throws IOException {
    InputStream in = HotPlug.class.getClassLoader().getResourceAsStream(BUNDLES + path);
    if (in == null) {
      throw new FileNotFoundException("the class path does not hold " + BUNDLES + path);
    }
    return in;
  }

  private void await(Modality modality, long start) throws TimeoutException {
    while (sensorium.encoders().stream()
        .noneMatch(e -> e.modality().equals(modality) && e.state() == State.READY)) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new TimeoutException(
            "an encoder of %s was awaited for %s; there are %s"
                .formatted(modality, LIMIT, sensorium.encoders()));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }
}
