package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.api.Test;

/** Storage that fails at every point there is. */
class StorageFailureTest {
  private static final int DIMENSION = 3;
  private static final String FULL = "No space left on device";
  private static final String BROKEN = "Input/output error";
  private static final IndexSettings SETTINGS =
      new IndexSettings(1_500, Duration.ofMinutes(1), Duration.ofMinutes(1), 1L << 20, 10_000);

  private final Directory directory = new ByteBuffersDirectory();
  private final MemoryLogFiles files = new MemoryLogFiles();

  @Test
  void whicheverOperationFailsOnceNothingAcknowledgedIsLost() throws IOException {
    for (int n : sweep(1)) {
      new Storage().runFailing(n, n, BROKEN);
    }
  }

  @Test
  void afterAFailureThatLastsNothingIsAcknowledged() throws IOException {
    for (int n : sweep(1)) {
      new Storage().runFailing(n, Integer.MAX_VALUE, BROKEN);
    }
  }

  /** The numbers of the operations to fail: every one, or every so manieth from a random one on. */
  private static int[] sweep(int factor) throws IOException {
    int operations = operationsWithoutFailure();
    int stride = factor * Integer.getInteger("sensorium.faults.stride", 5);
    int start = 1 + new SplittableRandom().nextInt(stride);
    System.out.printf("operations %d, %d, ... of %d fail%n", start, start + stride, operations);
    return IntStream.iterate(start, n -> n <= operations, n -> n + stride).toArray();
  }

  /** One storage, one workload with failures, one reopening without. */
  private static final class Storage {
    private final Directory directory = new ByteBuffersDirectory();
    private final MemoryLogFiles files = new MemoryLogFiles();

    /** What was acknowledged of each id: an item, or null once it was deleted. */
    private final Map<String, IndexEntry> acknowledged = new HashMap<>();

    void runFailing(int from, int to, String words) throws IOException {
      Faults faults = new Faults();
      faults.fail(from, to, words);
      try (LuceneIndex index =
          LuceneIndex.open(faults.over(directory), faults.over(files), SETTINGS)) {
        workload(index, faults, to == Integer.MAX_VALUE, acknowledged);
      } catch (SensoriumException e) {
        assertThat(faults.fired()).as("a failure that nobody caused: %s", e).isTrue();
      }
      requireAcknowledged(directory, files, acknowledged, "failure at " + from);
    }
  }

  private static int operationsWithoutFailure() throws IOException {
    Directory storage = new ByteBuffersDirectory();
    MemoryLogFiles log = new MemoryLogFiles();
    Map<String, IndexEntry> stored = new HashMap<>();
    Faults faults = new Faults();
    try (LuceneIndex index = LuceneIndex.open(faults.over(storage), faults.over(log), SETTINGS)) {
      workload(index, faults, true, stored);
    }
    requireAcknowledged(storage, log, stored, "no failure");
    assertThat(stored).hasSize(9);
    return faults.operations();
  }

  private static void workload(
      LuceneIndex index, Faults faults, boolean lasting, Map<String, IndexEntry> acknowledged) {
    for (int round = 0; round < 3; round++) {
      boolean hopeless = lasting && faults.fired();
      boolean stored = true;
      List<IndexEntry> entries =
          List.of(
              Samples.entry(3 * round, DIMENSION),
              Samples.entry(3 * round + 1, DIMENSION),
              Samples.entry(3 * round + 2, DIMENSION));
      try {
        index.put(entries).join();
        entries.forEach(entry -> acknowledged.put(entry.id(), entry));
        acknowledged.remove(entries.get(1).id());
        index.delete(List.of(entries.get(1).id())).join();
        acknowledged.put(entries.get(1).id(), null);
      } catch (CompletionException e) {
        stored = false;
        assertThat(e.getCause()).isInstanceOf(SensoriumException.class);
      }
      assertThat(stored && hopeless).as("acknowledged after a failure").isFalse();
      try {
        index.refresh();
      } catch (SensoriumException e) {
        assertThat(faults.fired()).isTrue();
      }
      requireFound(index, acknowledged, "round " + round);
    }
  }

  @Test
  void aFullDiskRefusesChangesServesReadsAndRecovers() throws Exception {
    for (int n : sweep(4)) {
      Directory storage = new ByteBuffersDirectory();
      MemoryLogFiles log = new MemoryLogFiles();
      Map<String, IndexEntry> stored = new HashMap<>();
      Faults faults = new Faults();
      try (LuceneIndex index = LuceneIndex.open(faults.over(storage), faults.over(log), SETTINGS)) {
        faults.fail(faults.operations() + n, Integer.MAX_VALUE, FULL);
        workload(index, faults, true, stored);
        IndexEntry late = Samples.entry(100, DIMENSION);
        if (faults.fired()) {
          assertThat(index.put(List.of(late)))
              .failsWithin(Duration.ofMinutes(1))
              .withThrowableThat()
              .withCauseInstanceOf(ResourceExhaustedException.class);
          assertThat(index.health().writable()).isFalse();
        }
        assertThat(index.search(IndexQuery.nearest(late.embedding(), 9))).isNotNull();
        faults.stop();
        putWhenPossible(index, late);
        stored.put(late.id(), late);
        index.refresh();
        assertThat(index.search(IndexQuery.nearest(late.embedding(), 1)).getFirst().entry())
            .isEqualTo(late);
        requireFound(index, stored, "recovered from a full disk at " + n);
      }
      requireAcknowledged(storage, log, stored, "a full disk at " + n);
    }
  }

  private static void putWhenPossible(LuceneIndex index, IndexEntry entry)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        index.put(List.of(entry)).join();
        return;
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(ResourceExhaustedException.class);
        assertThat(attempt).as("attempts to write after space came back").isLessThan(600);
        Thread.sleep(50);
      }
    }
  }

  @Test
  void aFailedForceMakesTheIndexReadOnlyUntilItIsOpenedAgain() throws IOException {
    Faults faults = new Faults();
    try (LuceneIndex index =
        LuceneIndex.open(faults.over(directory), faults.over(files), SETTINGS)) {
      index.put(List.of(Samples.entry(1, DIMENSION))).join();
      faults.fail(faults.operations() + 2, faults.operations() + 2, BROKEN);
      for (int n = 2; n < 4; n++) {
        assertThat(index.put(List.of(Samples.entry(n, DIMENSION))))
            .failsWithin(Duration.ofMinutes(1))
            .withThrowableThat()
            .withCauseInstanceOf(StorageException.class);
      }
      assertThat(index.health().writable()).isFalse();
      assertThat(index.health().problem()).contains(BROKEN).contains("read-only");
      assertThat(index.find("item-1")).isPresent();
      assertThatThrownBy(index::refresh).isInstanceOf(StorageException.class);
    }
    try (LuceneIndex again = LuceneIndex.open(directory, files, SETTINGS)) {
      assertThat(again.size()).isEqualTo(1);
      again.put(List.of(Samples.entry(2, DIMENSION))).join();
    }
  }

  private static void requireAcknowledged(
      Directory storage, LogFiles log, Map<String, IndexEntry> stored, String when)
      throws IOException {
    Directory kept = new Faults().over(storage);
    try (LuceneIndex index = LuceneIndex.open(kept, log, SETTINGS)) {
      requireFound(index, stored, when);
    }
    try (CheckIndex check = new CheckIndex(storage)) {
      assertThat(check.checkIndex().clean).as("CheckIndex after %s", when).isTrue();
    }
  }

  private static void requireFound(LuceneIndex index, Map<String, IndexEntry> stored, String when) {
    stored.forEach(
        (id, entry) ->
            assertThat(index.find(id).orElse(null)).as("%s after %s", id, when).isEqualTo(entry));
  }
}
