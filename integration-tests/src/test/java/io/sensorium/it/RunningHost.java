package io.sensorium.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code sensorium run} in a process of its own, until it is closed. */
final class RunningHost implements AutoCloseable {
  private static final int LOOKS = 1_200;
  private static final int BETWEEN_LOOKS_MILLIS = 100;

  private final Process process;
  private final Path log;

  private RunningHost(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Returns once it serves. */
  static RunningHost start(Path home, Path log, String... options)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("run", "--home", home.toString()));
    line.addAll(List.of(options));
    Process process =
        ChildHost.java("io.sensorium.host.cli.Main", line.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    RunningHost host = new RunningHost(process, log);
    host.awaitLine(each -> each.startsWith("Serving"));
    return host;
  }

  long pid() {
    return process.pid();
  }

  List<String> lines() throws IOException {
    return Files.readString(log).lines().toList();
  }

  /** Waits until it has written such a line. */
  void awaitLine(Predicate<String> wanted) throws IOException, InterruptedException {
    for (int look = 0; look < LOOKS && process.isAlive(); look++) {
      if (lines().stream().anyMatch(wanted)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
    throw new IOException("the host did not say what was waited for: " + Files.readString(log));
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("the host did not end: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
