package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that is told to stop while it starts and opens sessions stops, and says nothing. */
class StoppedWhileStartingIT {
  private static final int TERMINATED = 128 + 15;

  @TempDir Path folder;

  /** Wherever that finds the host on this machine, loading natives, testing or opening models. */
  @ParameterizedTest
  @ValueSource(longs = {0, 300, 1_000, 3_000})
  void aHostThatIsTerminatedWhileItStartsStopsInOrder(long millis) throws Exception {
    Path home = folder.resolve("home");
    Path out = folder.resolve("out");
    Process host =
        ChildHost.java("io.sensorium.host.cli.Main", "run", "--home", home.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      awaitLock(host, home);
      TimeUnit.MILLISECONDS.sleep(millis);
      host.destroy();
      assertThat(host.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      host.destroyForcibly();
    }
    String said = Files.readString(out);
    assertThat(host.exitValue()).as(said).isEqualTo(TERMINATED);
    assertThat(said).doesNotContain("ERROR", "Shutdown in progress", "sensorium: ", "onnxruntime");
  }

  private static void awaitLock(Process host, Path home) throws IOException, InterruptedException {
    while (!Files.exists(home.resolve("host.lock"))) {
      assertThat(host.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
