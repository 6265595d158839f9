package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.index.IndexEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One index, written by processes that are killed one after another. */
class KillTest {
  private static final int THREADS = 3;

  @TempDir Path folder;

  /** The last acknowledged operation of each thread; its successors may have happened too. */
  private final int[] acknowledged = {-1, -1, -1};

  @Test
  void nothingAcknowledgedIsLostHoweverOftenTheProcessIsKilled() throws Exception {
    int kills = Integer.getInteger("sensorium.kills", 50);
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.printf("%d kills, seed %d%n", kills, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int kill = 1; kill <= kills; kill++) {
      int[] before = acknowledged.clone();
      writeAndKill(random);
      readJournals();
      boolean last = kill == kills;
      try (LuceneIndex index = KilledWriter.open(folder)) {
        for (int thread = 0; thread < THREADS; thread++) {
          requireOutcomes(index, thread, last ? 0 : before[thread] - 50);
        }
      }
      requireClean(last);
    }
    System.out.printf(
        "acknowledged operations: %d, %d, %d%n",
        acknowledged[0] + 1, acknowledged[1] + 1, acknowledged[2] + 1);
    assertThat(IntStream.of(acknowledged).sum()).isGreaterThan(kills / 2);
  }

  /** Kills while changes are acknowledged, or, every fourth time, perhaps while the index opens. */
  private void writeAndKill(SplittableRandom random) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(KilledWriter.class.getName(), folder.toString()));
    for (int operation : acknowledged) {
      command.add(Integer.toString(operation + 1));
    }
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      if (random.nextInt(4) > 0) {
        assertThat(output.readLine()).as("errors: %s", errors()).isEqualTo("acknowledged");
        Thread.sleep(random.nextInt(300));
      } else {
        Thread.sleep(300 + random.nextInt(900));
      }
      assertThat(process.isAlive()).as("errors: %s", errors()).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("errors"));
  }

  private void readJournals() throws IOException {
    for (int thread = 0; thread < THREADS; thread++) {
      Path journal = KilledWriter.journal(folder, thread);
      if (Files.exists(journal) && Files.size(journal) == Integer.BYTES) {
        acknowledged[thread] = ByteBuffer.wrap(Files.readAllBytes(journal)).getInt();
      }
    }
  }

  private void requireOutcomes(LuceneIndex index, int thread, int from) {
    int sure = acknowledged[thread];
    Map<String, IndexEntry> expected = new HashMap<>();
    for (int operation = Math.max(0, from); operation <= sure; operation++) {
      expected.put(KilledWriter.id(thread, operation), KilledWriter.outcome(thread, operation));
    }
    for (int begun = sure + 1; begun <= sure + 2 * KilledWriter.LARGEST_BATCH; begun++) {
      expected.remove(KilledWriter.id(thread, begun));
    }
    expected.forEach(
        (id, entry) ->
            assertThat(index.find(id).orElse(null))
                .as("%s, acknowledged up to %d", id, sure)
                .isEqualTo(entry));
  }

  private void requireClean(boolean thoroughly) throws IOException {
    try (Directory directory = FSDirectory.open(folder.resolve("lucene"));
        CheckIndex check = new CheckIndex(directory)) {
      check.setLevel(
          thoroughly
              ? CheckIndex.Level.MIN_LEVEL_FOR_SLOW_CHECKS
              : CheckIndex.Level.MIN_LEVEL_FOR_INTEGRITY_CHECKS);
      assertThat(check.checkIndex().clean).isTrue();
    }
  }
}
