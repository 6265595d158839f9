package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.StorageException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that rotted on the disk. */
class DamageTest {
  private static final int DIMENSION = 5;
  private static final int COMMITTED = 40;
  private static final int LOGGED = 3;

  @TempDir Path folder;

  @Test
  void aFlippedBitInAnyFileIsDetectedOrHarmless() throws IOException {
    damageEveryFile(
        (bytes, random) -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8)));
  }

  private interface Damage {
    void apply(byte[] bytes, SplittableRandom random);
  }

  private void damageEveryFile(Damage damage) throws IOException {
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.println("damage seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Path original = folder.resolve("original");
    Path copy = folder.resolve("copy");
    write(original, copy);
    int detected = 0;
    int harmless = 0;
    for (Path file : files(original)) {
      byte[] content = Files.readAllBytes(file);
      for (int round = 0; round < 4 && content.length > 0; round++) {
        copy(original, copy);
        byte[] damaged = content.clone();
        damage.apply(damaged, random);
        Files.write(copy.resolve(original.relativize(file)), damaged);
        boolean last = file.toString().endsWith(".log");
        if (isDetected(copy, last, file + " round " + round)) {
          detected++;
        } else {
          harmless++;
        }
      }
    }
    System.out.printf("%d damages detected, %d harmless%n", detected, harmless);
    assertThat(detected).isGreaterThan(harmless);
  }

  /** An index with a commit and a log that was not committed. */
  private static void write(Path original, Path copy) throws IOException {
    try (LuceneIndex index = LuceneIndex.open(original)) {
      index.put(entries(0, COMMITTED)).join();
    }
    try (LuceneIndex index = LuceneIndex.open(original)) {
      for (int n = COMMITTED; n < COMMITTED + LOGGED; n++) {
        index.put(entries(n, n + 1)).join();
      }
      copy(original, copy);
    }
    for (Path file : files(original)) {
      Files.delete(file);
    }
    copy(copy, original);
  }

  /** Everything must be right, but for a log whose last write looks unfinished. */
  private static boolean isDetected(Path damaged, boolean log, String what) {
    try (LuceneIndex index = LuceneIndex.open(damaged)) {
      int there = COMMITTED + LOGGED;
      if (log && index.find("item-" + (there - 1)).isEmpty()) {
        there--;
      }
      List<IndexEntry> all = entries(0, there);
      for (IndexEntry entry : all) {
        assertThat(index.find(entry.id())).as(what).contains(entry);
      }
      assertThat(index.search(IndexQuery.nearest(all.getFirst().embedding(), 100)))
          .as(what)
          .extracting(Hit::entry)
          .containsExactlyInAnyOrderElementsOf(all);
      assertThat(index.ids("")).as(what).hasSize(there);
      return there < COMMITTED + LOGGED;
    } catch (StorageException e) {
      return true;
    }
  }

  private static List<IndexEntry> entries(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Samples.entry(n, DIMENSION)).toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      for (Path file : files(to)) {
        Files.delete(file);
      }
    }
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile).sorted().forEach(files::add);
    }
    return files;
  }
}
