package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.store.MMapDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
  private static final int DIMENSION = 9;
  private static final int WRITERS = 4;
  private static final int ROUNDS = 25;

  @TempDir Path folder;

  @Test
  void writersSeeTheirOwnChangesWhileOthersWriteSearchRefreshAndCommit() throws Exception {
    IndexSettings restless =
        new IndexSettings(20_000, Duration.ofMillis(50), Duration.ofMillis(5), 1L << 20, 100);
    try (LuceneIndex index = open(restless);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> work = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = writer * 10_000;
        work.add(threads.submit(() -> write(index, first)));
      }
      Future<?> reader = threads.submit(() -> search(index, work));
      for (Future<?> each : work) {
        each.get();
      }
      reader.get();
      index.refresh();
      assertThat(index.size()).isEqualTo(WRITERS * ROUNDS);
      assertThat(index.ids("")).hasSize(WRITERS * ROUNDS);
    }
    try (LuceneIndex again = open(restless)) {
      assertThat(again.size()).isEqualTo(WRITERS * ROUNDS);
    }
  }

  private LuceneIndex open(IndexSettings settings) throws Exception {
    return open(settings, new Faults());
  }

  private LuceneIndex open(IndexSettings settings, Faults storage) throws Exception {
    Path log = Files.createDirectories(folder.resolve("log"));
    return LuceneIndex.open(
        new MMapDirectory(folder.resolve("lucene")), storage.over(new DiskLogFiles(log)), settings);
  }

  /** Every round leaves one item: two are put, one is deleted again. */
  private static void write(LuceneIndex index, int first) {
    for (int round = 0; round < ROUNDS; round++) {
      IndexEntry kept = Samples.entry(first + 2 * round, DIMENSION);
      IndexEntry passing = Samples.entry(first + 2 * round + 1, DIMENSION);
      index.put(List.of(kept, passing)).join();
      assertThat(index.find(kept.id())).contains(kept);
      assertThat(index.find(passing.id())).contains(passing);
      index.delete(List.of(passing.id())).join();
      assertThat(index.find(passing.id())).isEmpty();
      assertThat(index.find(kept.id())).contains(kept);
    }
  }

  private static void search(LuceneIndex index, List<Future<?>> work) {
    int searches = 0;
    while (searches < 20 || !work.stream().allMatch(Future::isDone)) {
      IndexQuery query =
          IndexQuery.nearest(Samples.entry(searches, DIMENSION).embedding(), 20).withText("bell");
      List<Hit> hits = index.search(query);
      assertThat(hits).extracting(Hit::score).isSortedAccordingTo((a, b) -> Double.compare(b, a));
      assertThat(hits).extracting(hit -> hit.entry().id()).doesNotHaveDuplicates();
      assertThat(index.size()).isNotNegative();
      searches++;
    }
  }

  @Test
  void whatIsOverTheQueueIsRefusedAndTheRestIsStored() throws Exception {
    IndexSettings narrow =
        new IndexSettings(1L << 20, Duration.ofHours(1), Duration.ofHours(1), 2_000, 100);
    // A disk that is as fast as the writer would never let the queue become full.
    Faults storage = new Faults();
    try (LuceneIndex index = open(narrow, storage)) {
      storage.holdUp();
      List<CompletableFuture<Void>> answers = new ArrayList<>();
      for (int n = 0; n < 2_000; n++) {
        CompletableFuture<Void> answer = index.put(List.of(Samples.entry(n, DIMENSION)));
        if (answer.isCompletedExceptionally()) {
          storage.letGo();
        }
        answers.add(answer);
      }
      int stored = 0;
      for (CompletableFuture<Void> answer : answers) {
        Throwable failure = answer.handle((done, thrown) -> thrown).join();
        if (failure == null) {
          stored++;
        } else {
          assertThat(failure).isInstanceOf(ResourceExhaustedException.class);
        }
      }
      assertThat(stored).isBetween(1, 1_999);
      assertThat(index.size()).isEqualTo(stored);
    }
  }
}
