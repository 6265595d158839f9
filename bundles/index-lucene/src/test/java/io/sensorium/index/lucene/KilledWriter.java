package io.sensorium.index.lucene;

import io.sensorium.api.index.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.MMapDirectory;

/**
 * A process that changes an index until it is killed. Each of its threads works through numbered
 * operations and writes down, forced, the number of the last one acknowledged.
 */
final class KilledWriter {
  static final int DIMENSION = 16;
  static final int LARGEST_BATCH = 9;
  static final IndexSettings SETTINGS =
      new IndexSettings(100_000, Duration.ofMillis(200), Duration.ofMillis(100), 1L << 20, 10_000);

  private KilledWriter() {}

  static LuceneIndex open(Path folder) throws IOException {
    Path log = Files.createDirectories(folder.resolve("log"));
    return LuceneIndex.open(
        new MMapDirectory(Files.createDirectories(folder.resolve("lucene"))),
        new DiskLogFiles(log),
        SETTINGS);
  }

  static Path journal(Path folder, int thread) {
    return folder.resolve("acknowledged-" + thread);
  }

  /** The operation: which id changes. */
  static String id(int thread, int operation) {
    int target =
        operation % 5 == 4 ? operation - 3 : operation % 7 == 6 ? operation - 2 : operation;
    return thread + "-" + target;
  }

  /** The operation: what the id's item is afterwards; null if it is to be deleted. */
  static IndexEntry outcome(int thread, int operation) {
    if (operation % 5 == 4) {
      return null;
    }
    IndexEntry sample = Samples.entry(operation, DIMENSION);
    return new IndexEntry(
        id(thread, operation),
        sample.modality(),
        sample.path(),
        sample.contentHash(),
        sample.embedding(),
        sample.text(),
        Map.of("thread", Integer.toString(thread)));
  }

  /** Arguments: the folder, and for each thread the number of its first operation. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    LuceneIndex index = open(folder);
    for (int thread = 0; thread < arguments.length - 1; thread++) {
      int number = thread;
      int first = Integer.parseInt(arguments[thread + 1]);
      Thread.ofPlatform().start(() -> work(index, folder, number, first));
    }
  }

  private static void work(LuceneIndex index, Path folder, int thread, int first) {
    try (FileChannel journal =
        FileChannel.open(
            journal(folder, thread), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      boolean told = false;
      int operation = first;
      while (true) {
        int end = operation + 1 + operation % LARGEST_BATCH;
        List<IndexEntry> puts = new ArrayList<>();
        while (operation < end) {
          IndexEntry entry = outcome(thread, operation);
          if (entry == null) {
            index.put(puts).join();
            puts.clear();
            index.delete(List.of(id(thread, operation))).join();
          } else {
            puts.add(entry);
          }
          operation++;
        }
        index.put(puts).join();
        journal.write(ByteBuffer.allocate(Integer.BYTES).putInt(operation - 1).flip(), 0);
        journal.force(false);
        if (!told) {
          System.out.println("acknowledged");
          told = true;
        }
      }
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(3);
    }
  }
}
