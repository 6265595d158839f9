package io.sensorium.index.lucene;

import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log and Lucene, kept in step: a change is forced to the log, then applied to Lucene; a commit
 * of Lucene lets the log start anew; opening replays the log over the last commit. Replaying a
 * change twice changes nothing, so a commit may hold more than its log position says.
 *
 * <p>Reads and {@link #refresh} are thread-safe; everything else wants one thread.
 */
final class IndexStore implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(IndexStore.class);
  private static final String LOCK = "sensorium.lock";
  private static final long FRAME_BYTES = 8L << 20;
  private static final long RECOVERY_INTERVAL_NANOS = 500_000_000L;
  private static final long RESUME_MERGES_NANOS = 30_000_000_000L;

  private final Directory directory;
  private final Analyzer analyzer;
  private final IndexSettings settings;
  private final Lock lock;
  private final WriteAheadLog log;
  private volatile LuceneDocuments documents;
  private volatile Trouble trouble;
  private volatile boolean documentsBroken;
  private volatile boolean closed;
  private boolean mergesResumed;
  private final long openedNanos = System.nanoTime();
  private long committedNanos = System.nanoTime();
  private long recoveredNanos = System.nanoTime();

  private IndexStore(
      Directory directory, LogFiles files, Analyzer analyzer, IndexSettings settings, Lock lock) {
    this.directory = directory;
    this.analyzer = analyzer;
    this.settings = settings;
    this.lock = lock;
    this.log = new WriteAheadLog(files);
  }

  /**
   * Opens or creates an index and replays its log.
   *
   * @throws StorageException if another process holds it or it is damaged
   */
  static IndexStore open(
      Directory directory, LogFiles files, Analyzer analyzer, IndexSettings settings) {
    Lock lock = lock(directory);
    IndexStore store = new IndexStore(directory, files, analyzer, settings, lock);
    try {
      long started = System.nanoTime();
      store.documents = store.openDocuments();
      long replayed = store.replay(store.documents);
      if (replayed > 0 || store.documents.firstLogFile().isEmpty()) {
        store.commit();
      } else {
        store.log.rotate();
      }
      LOG.info(
          "index opened in {} ms, {} changes replayed",
          (System.nanoTime() - started) / 1_000_000,
          replayed);
      return store;
    } catch (IOException e) {
      IOUtils.closeWhileHandlingException(store.documents, store.log, lock);
      throw unreadable(directory, e);
    } catch (RuntimeException | Error e) {
      IOUtils.closeWhileHandlingException(store.documents, store.log, lock);
      throw e;
    }
  }

  private static Lock lock(Directory directory) {
    try {
      return directory.obtainLock(LOCK);
    } catch (LockObtainFailedException e) {
      throw new StorageException("the index must be free; another host holds " + directory, e);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static RuntimeException unreadable(Directory directory, Throwable cause) {
    return DiskFull.is(cause)
        ? new Trouble(true, "opening the index %s failed: %s".formatted(directory, cause), cause)
            .exception()
        : new StorageException(
            "an undamaged index is required; %s: %s".formatted(directory, cause), cause);
  }

  private LuceneDocuments openDocuments() throws IOException {
    return LuceneDocuments.open(directory, analyzer, failure -> mergeFailed(failure));
  }

  private long replay(LuceneDocuments into) throws IOException {
    Optional<Long> first = into.firstLogFile();
    long replayed =
        log.replay(
            first.orElse(1L),
            first.isPresent(),
            changes -> {
              for (Change change : changes) {
                into.apply(change);
              }
            });
    into.refresh();
    return replayed;
  }

  /**
   * Makes changes durable and visible to {@link LuceneDocuments#find}.
   *
   * @throws io.sensorium.api.SensoriumException if that failed; then nothing is promised
   */
  void write(List<Change> changes) {
    List<Change> frame = new ArrayList<>();
    long bytes = 0;
    for (Change change : changes) {
      if (!frame.isEmpty() && bytes + change.loggedBytes() > FRAME_BYTES) {
        writeFrame(frame);
        frame.clear();
        bytes = 0;
      }
      frame.add(change);
      bytes += change.loggedBytes();
    }
    writeFrame(frame);
  }

  private void writeFrame(List<Change> frame) {
    requireWritable();
    try {
      log.append(frame);
    } catch (IOException | RuntimeException | Error e) {
      throw fail(Trouble.of("writing the log", e)).exception();
    }
    try {
      for (Change change : frame) {
        documents.apply(change);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw failDocuments("applying a change", e).exception();
    }
    commitIfDue();
  }

  /** What must be done from time to time: commits, and recovery when the disk was full. */
  void tick() {
    Trouble now = trouble;
    if (now == null) {
      resumeMerges();
      commitIfDue();
    } else if (now.diskFull() && System.nanoTime() - recoveredNanos > RECOVERY_INTERVAL_NANOS) {
      recover();
      recoveredNanos = System.nanoTime();
    }
  }

  /** Left to hosts that stay: a short command would start the work only to throw it away. */
  private void resumeMerges() {
    if (!mergesResumed && System.nanoTime() - openedNanos > RESUME_MERGES_NANOS) {
      mergesResumed = true;
      try {
        documents.startMerges();
      } catch (IOException | RuntimeException | Error e) {
        failDocuments("merging segments", e);
      }
    }
  }

  private void commitIfDue() {
    if (trouble != null) {
      return;
    }
    boolean old = System.nanoTime() - committedNanos > settings.commitInterval().toNanos();
    try {
      if (log.size() >= settings.commitBytes() || (old && isDirty())) {
        commit();
      }
    } catch (IOException | RuntimeException | Error e) {
      failDocuments("committing the index", e);
    }
  }

  private boolean isDirty() {
    return log.isDirty() || documents.needsCommit();
  }

  private void commit() throws IOException {
    long first = log.rotate();
    documents.commit(first);
    committedNanos = System.nanoTime();
    try {
      log.deleteBefore(first);
    } catch (IOException e) {
      LOG.warn("log files before {} stay until the next commit: {}", first, e.toString());
    }
  }

  /** Tries to write again; a new file of the log shows whether there is space. */
  private void recover() {
    try {
      log.rotate();
      if (documentsBroken) {
        reopenDocuments();
      }
      trouble = null;
      LOG.info("the index takes changes again");
    } catch (IOException | RuntimeException | Error e) {
      if (!DiskFull.is(e)) {
        fail(Trouble.of("recovering the index", e));
      }
    }
  }

  private void reopenDocuments() throws IOException {
    LuceneDocuments broken = documents;
    broken.rollback();
    LuceneDocuments fresh = openDocuments();
    try {
      replay(fresh);
    } catch (IOException | RuntimeException | Error e) {
      IOUtils.closeWhileHandlingException(fresh);
      throw e;
    }
    documents = fresh;
    documentsBroken = false;
    broken.close();
  }

  private Trouble failDocuments(String work, Throwable cause) {
    documentsBroken = true;
    return fail(Trouble.of(work, cause));
  }

  /** Takes no changes from now on; a trouble that lasts is not replaced by one that passes. */
  private synchronized Trouble fail(Trouble next) {
    if (trouble == null || trouble.diskFull()) {
      LOG.error(next.message(), next.cause());
      trouble = next;
    }
    return trouble;
  }

  private void mergeFailed(Throwable failure) {
    if (closed || failure instanceof AlreadyClosedException) {
      return;
    }
    if (DiskFull.is(failure)) {
      LOG.warn("a merge waits for space on the disk: {}", failure.toString());
    } else {
      failDocuments("merging segments", failure);
    }
  }

  void requireWritable() {
    Trouble now = trouble;
    if (now != null) {
      throw now.exception();
    }
  }

  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }

  /**
   * Makes everything applied searchable.
   *
   * @throws io.sensorium.api.SensoriumException if that failed
   */
  void refresh() {
    requireOpen();
    requireWritable();
    LuceneDocuments current = documents;
    try {
      current.refresh();
    } catch (IOException | RuntimeException | Error e) {
      requireOpen();
      // While a full disk is recovered from, the old writer is closed under a running refresh.
      if (current == documents && !(trouble != null && e instanceof AlreadyClosedException)) {
        failDocuments("refreshing the index", e);
      }
      requireWritable();
    }
  }

  boolean needsRefresh() {
    return trouble == null && read(LuceneDocuments::needsRefresh);
  }

  /** What a read does with the documents. */
  @FunctionalInterface
  interface Reading<T> {
    T read(LuceneDocuments documents) throws IOException;
  }

  /**
   * Reads, again where a recovery replaced the documents meanwhile.
   *
   * @throws StorageException if what is stored cannot be read
   */
  <T> T read(Reading<T> reading) {
    while (true) {
      requireOpen();
      LuceneDocuments current = documents;
      try {
        return reading.read(current);
      } catch (AlreadyClosedException e) {
        if (!closed && current == documents) {
          throw new StorageException("the index cannot be read: " + e.getMessage(), e);
        }
      } catch (IOException e) {
        throw new StorageException("the index cannot be read: " + e.getMessage(), e);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ServiceGoneException("the index was closed");
    }
  }

  /** Commits what can be committed and lets go; the log keeps the rest. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (trouble == null) {
      try {
        if (isDirty()) {
          commit();
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("the index was closed without a commit; its log keeps the changes", e);
      }
    }
    closed = true;
    IOUtils.closeWhileHandlingException(documents, log, lock);
  }
}
