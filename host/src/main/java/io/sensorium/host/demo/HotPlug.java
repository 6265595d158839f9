package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Drops a sense into a running host and uses it, while searches by other senses run. */
final class HotPlug {
  private static final String JARS = "META-INF/sensorium/demo/";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long BETWEEN_REQUESTS_NANOS = 2_000_000;
  private static final long BETWEEN_LOOKS_NANOS = 10_000_000;

  private final Sensorium sensorium;
  private final String jar;

  /**
   * @param jar the file name of a jar that the host carries for this purpose
   */
  HotPlug(Sensorium sensorium, String jar) {
    this.sensorium = sensorium;
    this.jar = jar;
  }

  /**
   * How it went.
   *
   * @param bundle the jar that was dropped
   * @param seconds from the jar in the folder to an encoder that answers
   * @param requests answered while it was plugged in and first used
   * @param failedRequests that were not answered
   */
  record Outcome(String bundle, double seconds, long requests, long failedRequests) {
    String summary() {
      return "%s was ready %.1f s after it lay in the deploy folder; %d searches ran, %d failed"
          .formatted(bundle, seconds, requests, failedRequests);
    }
  }

  /**
   * Drops the jar in, waits until the modality is understood, and uses it, under load all the
   * while.
   */
  Outcome plugIn(Modality modality, Runnable use) throws IOException {
    LongAdder answered = new LongAdder();
    LongAdder failed = new LongAdder();
    AtomicBoolean done = new AtomicBoolean();
    Thread load = Thread.ofPlatform().name("demo-load").start(() -> search(done, answered, failed));
    try {
      long start = System.nanoTime();
      drop();
      await(modality, start);
      double seconds = (System.nanoTime() - start) / 1e9;
      use.run();
      finish(load, done);
      return new Outcome(jar, seconds, answered.sum(), failed.sum());
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      finish(load, done);
    }
  }

  private static void finish(Thread load, AtomicBoolean done) {
    done.set(true);
    try {
      load.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  private void drop() throws IOException {
    Path deploy = sensorium.options().home().resolve("deploy");
    Path partial = Files.createTempFile(sensorium.options().home(), "bundle", ".part");
    try (InputStream in = HotPlug.class.getClassLoader().getResourceAsStream(JARS + jar)) {
      if (in == null) {
        throw new FileNotFoundException("the class path does not hold " + JARS + jar);
      }
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createDirectories(deploy);
    Files.move(partial, deploy.resolve(jar), StandardCopyOption.ATOMIC_MOVE);
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
