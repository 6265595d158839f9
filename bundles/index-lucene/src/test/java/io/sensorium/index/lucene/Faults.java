package io.sensorium.index.lucene;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/** Makes chosen operations of storage fail, or holds all up. Thread-safe. */
final class Faults {
  private final AtomicInteger operations = new AtomicInteger();
  private volatile int first = Integer.MAX_VALUE;
  private volatile int last = Integer.MAX_VALUE;
  private volatile String message = "";
  private volatile boolean fired;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Fails the operations from one number (counted from 1) to another, both included. */
  void fail(int from, int to, String words) {
    message = words;
    last = to;
    first = from;
  }

  void failFromNowOn(String words) {
    fail(operations.get() + 1, Integer.MAX_VALUE, words);
  }

  void stop() {
    first = Integer.MAX_VALUE;
  }

  /** From now on every operation waits. */
  void holdUp() {
    gate = new CountDownLatch(1);
  }

  void letGo() {
    gate.countDown();
  }

  boolean fired() {
    return fired;
  }

  int operations() {
    return operations.get();
  }

  private void operation() throws IOException {
    awaitQuietly(gate);
    int number = operations.incrementAndGet();
    if (number >= first && number <= last) {
      fired = true;
      throw new IOException(message);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Directory over(Directory directory) {
    return new FaultyDirectory(directory);
  }

  LogFiles over(LogFiles files) {
    return new FaultyLogFiles(files);
  }

  private final class FaultyDirectory extends FilterDirectory {
    FaultyDirectory(Directory in) {
      super(in);
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
      operation();
      return faulty(in.createOutput(name, context));
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
        throws IOException {
      operation();
      return faulty(in.createTempOutput(prefix, suffix, context));
    }

    private IndexOutput faulty(IndexOutput output) {
      return new FilterIndexOutput(output.toString(), output.getName(), output) {
        private boolean written;

        @Override
        public void writeBytes(byte[] bytes, int offset, int length) throws IOException {
          if (!written) {
            operation();
            written = true;
          }
          super.writeBytes(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
          try (out) {
            operation();
          }
        }
      };
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
      operation();
      in.sync(names);
    }

    @Override
    public void syncMetaData() throws IOException {
      operation();
      in.syncMetaData();
    }

    @Override
    public void rename(String source, String target) throws IOException {
      operation();
      in.rename(source, target);
    }

    @Override
    public void deleteFile(String name) throws IOException {
      operation();
      in.deleteFile(name);
    }

    /** The storage outlives the index that uses it. */
    @Override
    public void close() {}
  }

  private final class FaultyLogFiles implements LogFiles {
    private final LogFiles in;

    FaultyLogFiles(LogFiles in) {
      this.in = in;
    }

    @Override
    public SortedSet<Long> numbers() throws IOException {
      operation();
      return in.numbers();
    }

    @Override
    public LogFile create(long number) throws IOException {
      operation();
      return new FaultyLogFile(in.create(number));
    }

    @Override
    public ByteBuffer read(long number) throws IOException {
      operation();
      return in.read(number);
    }

    @Override
    public void truncate(long number, long size) throws IOException {
      operation();
      in.truncate(number, size);
    }

    @Override
    public void delete(long number) throws IOException {
      operation();
      in.delete(number);
    }

    @Override
    public void force() throws IOException {
      operation();
      in.force();
    }

    @Override
    public String describe(long number) {
      return in.describe(number);
    }
  }

  private final class FaultyLogFile implements LogFiles.LogFile {
    private final LogFiles.LogFile in;

    FaultyLogFile(LogFiles.LogFile in) {
      this.in = in;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      ByteBuffer half = bytes.slice(0, bytes.remaining() / 2);
      in.append(half);
      operation();
      in.append(bytes.position(bytes.position() + half.limit()));
    }

    @Override
    public void force() throws IOException {
      operation();
      in.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      in.truncate(size);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
