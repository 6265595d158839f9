package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.index.MediaIndex;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexing is killed again and again; the next host starts, and what was acknowledged is there. */
class KilledIndexingIT {
  private static final int FILES_PER_LIFE = 100_000;
  private static final long LONGEST_LIFE_MILLIS = 900;

  @TempDir Path folder;

  @Test
  void nothingAcknowledgedIsLostWhenIndexingIsKilled() throws Exception {
    int kills = Integer.getInteger("sensorium.kills", 50);
    long seed = System.nanoTime();
    System.out.println("KilledIndexingIT: " + kills + " kills, seed " + seed);
    Random random = new Random(seed);
    Path home = folder.resolve("home");
    Path media = Files.createDirectories(folder.resolve("media"));
    Path acknowledgements = folder.resolve("acknowledged");
    for (int kill = 0; kill < kills; kill++) {
      Process child = start(home, media, acknowledgements, kill * FILES_PER_LIFE);
      long before = acknowledged(acknowledgements).size();
      while (acknowledged(acknowledgements).size() == before) { // it runs, then it dies some time
        assertThat(child.waitFor(20, TimeUnit.MILLISECONDS))
            .as("a child that ended before it was killed; see %s", folder.resolve("child.log"))
            .isFalse();
      }
      assertThat(child.waitFor(random.nextLong(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS))
          .isFalse();
      child.destroyForcibly().waitFor();
    }
    List<String> expected = acknowledged(acknowledgements);
    assertThat(expected).hasSizeGreaterThanOrEqualTo(kills);
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      MediaIndex index = sensorium.service(MediaIndex.class);
      assertThat(expected).allMatch(path -> index.find(path).isPresent());
      assertThat(sensorium.search(SearchRequest.text("sentence number 1"))).isNotEmpty();
    }
  }

  private Process start(Path home, Path media, Path acknowledgements, int firstNumber)
      throws IOException {
    return ChildHost.java(
            IndexingChild.class.getName(),
            home.toString(),
            media.toString(),
            acknowledgements.toString(),
            Integer.toString(firstNumber))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("child.log").toFile()))
        .start();
  }

  private static List<String> acknowledged(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}
