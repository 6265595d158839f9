package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is reserved for the default models before they were ever measured is enough for them. */
class PlannedMemoryIT {
  private static final Set<String> MODELS =
      Set.of(
          "lm-default",
          "world-audio",
          "world-audio-lm",
          "world-image",
          "world-image-lm",
          "world-text");

  /** Twice for the arena's powers of two, and a little for what a graph does not tell. */
  private static final int MOST = 3;

  /** What is planned for every model however small it is. */
  private static final long ALWAYS = 4L << 20;

  @TempDir Path folder;

  @Test
  void thePlanIsEnoughAndNotFarTooMuch() throws Exception {
    Path out = folder.resolve("out");
    String home = folder.resolve("home").toString();
    ProcessBuilder child =
        ChildHost.java(MeasuredRuns.class.getName(), home, Integer.toString(MODELS.size()));
    // Compilers would allocate beside what is measured.
    child.command().add(1, "-Xint");
    Process process =
        child.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isZero();
    Set<String> seen = new HashSet<>();
    for (String line : Files.readAllLines(out)) {
      List<String> words = List.of(line.split(" "));
      if (words.size() == 5 && MODELS.contains(words.getFirst())) {
        seen.add(words.getFirst());
        check(line, words.subList(1, 5).stream().mapToLong(Long::parseLong).toArray());
      }
    }
    assertThat(seen).isEqualTo(MODELS);
  }

  private static void check(String model, long[] bytes) {
    Assumptions.assumeTrue(bytes[1] > 0, "nothing can be measured here");
    assertThat(bytes[0]).as("all of " + model).isGreaterThanOrEqualTo(bytes[1]);
    assertThat(bytes[2])
        .as("activations of " + model)
        .isBetween(bytes[3], MOST * bytes[3] + ALWAYS);
  }
}
