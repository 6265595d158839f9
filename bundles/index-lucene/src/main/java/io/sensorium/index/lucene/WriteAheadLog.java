package io.sensorium.index.lucene;

import io.sensorium.api.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.SortedSet;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that Lucene has not committed yet, in order. One thread at a time.
 *
 * <p>Every {@link #append} is one frame and is forced before the next one starts. So a damaged
 * frame with an intact one behind it was acknowledged and is reported as damage, while a damaged
 * end is a write that the death of the process or machine cut short, which nobody was promised.
 */
final class WriteAheadLog implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);

  private final LogFiles files;
  private final RandomGenerator keys = new SecureRandom();
  private LogFiles.LogFile current;
  private long number;
  private long key;
  private long size;
  private boolean torn;

  /** Takes changes in the order in which they were logged. */
  @FunctionalInterface
  interface Replay {
    void apply(List<Change> changes) throws IOException;
  }

  /** A log that appends to nothing yet: {@link #replay}, then {@link #rotate}. */
  WriteAheadLog(LogFiles files) {
    this.files = files;
  }

  /**
   * Hands over every intact change, the oldest first, and cuts off a torn end.
   *
   * @param first the number of the oldest file that Lucene has not committed
   * @param required whether that file must be there
   * @return how many changes there were
   * @throws StorageException if a file is missing or damaged before its end
   */
  long replay(long first, boolean required, Replay replay) throws IOException {
    SortedSet<Long> numbers = files.numbers().tailSet(first);
    long last = numbers.isEmpty() ? first - 1 : numbers.last();
    for (long file = first; file <= (required ? Math.max(first, last) : last); file++) {
      if (!numbers.contains(file)) {
        throw new StorageException("log file %s is required".formatted(files.describe(file)));
      }
    }
    number = Math.max(number, last);
    long changes = 0;
    for (long file : numbers) {
      changes += replayFile(file, file == last, replay);
    }
    return changes;
  }

  private long replayFile(long file, boolean last, Replay replay) throws IOException {
    ByteBuffer content = files.read(file);
    if (!LogFormat.hasHeader(content, file)) {
      requireTorn(file, last && content.limit() <= LogFormat.HEADER_BYTES, 0);
      files.delete(file);
      number = file - 1;
      return 0;
    }
    long fileKey = LogFormat.key(content);
    long changes = 0;
    int offset = LogFormat.HEADER_BYTES;
    while (offset < content.limit()) {
      int length = LogFormat.payloadLength(content, fileKey, offset);
      if (length < 0) {
        requireTorn(file, last && LogFormat.nextFrame(content, fileKey, offset + 1) < 0, offset);
        reportTornEnd(file, content.limit() - offset, offset);
        files.truncate(file, offset);
        return changes;
      }
      ByteBuffer payload = content.slice(offset + LogFormat.FRAME_HEADER_BYTES, length);
      List<Change> decoded = Change.decode(payload, files.describe(file));
      replay.apply(decoded);
      changes += decoded.size();
      offset += LogFormat.FRAME_HEADER_BYTES + length;
    }
    return changes;
  }

  private void requireTorn(long file, boolean torn, int offset) {
    if (!torn) {
      throw new StorageException(
          "an intact log is required; %s is damaged at byte %d, before acknowledged changes"
              .formatted(files.describe(file), offset));
    }
  }

  private void reportTornEnd(long file, int bytes, int offset) {
    LOG.warn(
        "log file {} ends in an unfinished write: {} bytes from byte {} on are dropped",
        files.describe(file),
        bytes,
        offset);
  }

  /**
   * Starts a new file; what was appended before is in older ones.
   *
   * @return the new file's number
   */
  long rotate() throws IOException {
    if (torn) {
      current.truncate(size);
      current.force();
      torn = false;
    }
    long next = number + 1;
    files.delete(next);
    LogFiles.LogFile fresh = files.create(next);
    long freshKey = keys.nextLong();
    try {
      fresh.append(LogFormat.header(next, freshKey));
      fresh.force();
      files.force();
    } catch (IOException | RuntimeException | Error e) {
      closeAndDelete(fresh, next, e);
      throw e;
    }
    LogFiles.LogFile old = current;
    current = fresh;
    number = next;
    key = freshKey;
    size = LogFormat.HEADER_BYTES;
    if (old != null) {
      old.close();
    }
    return next;
  }

  private void closeAndDelete(LogFiles.LogFile file, long fileNumber, Throwable cause) {
    try (file) {
      files.delete(fileNumber);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Makes changes durable together. After a failure nothing can be appended until {@link #rotate}
   * has cut off what the failure left.
   */
  void append(List<Change> changes) throws IOException {
    if (torn) {
      throw new IllegalStateException(
          "log file %s needs its end cut off first".formatted(files.describe(number)));
    }
    ByteBuffer frame = LogFormat.frame(key, Change.encode(changes));
    int bytes = frame.remaining();
    torn = true;
    try {
      current.append(frame);
      current.force();
    } catch (IOException e) {
      cutOff(e);
      throw e;
    }
    torn = false;
    size += bytes;
  }

  /** Nobody was promised the frame, so it had better not come back. */
  private void cutOff(IOException cause) {
    try {
      current.truncate(size);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Removes the files before a number; what cannot be removed now is left to the next call. */
  void deleteBefore(long first) throws IOException {
    for (long old : files.numbers().headSet(first)) {
      files.delete(old);
    }
  }

  /** The bytes in the current file. */
  long size() {
    return size;
  }

  /** Answers whether anything was appended since the last {@link #rotate}. */
  boolean isDirty() {
    return size > LogFormat.HEADER_BYTES;
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}
