package io.sensorium.index.lucene;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Log files in memory that know which of their bytes were forced. */
final class MemoryLogFiles implements LogFiles {
  private final Map<Long, Content> contents = new ConcurrentHashMap<>();

  private static final class Content {
    private byte[] bytes = new byte[0];
    private int forced;
  }

  /** What a loss of power leaves: a random part of the bytes that were not forced, or garbage. */
  MemoryLogFiles afterPowerLoss(RandomGenerator random) {
    MemoryLogFiles left = new MemoryLogFiles();
    contents.forEach(
        (number, content) -> {
          int kept = random.nextInt(content.forced, content.bytes.length + 1);
          byte[] bytes = Arrays.copyOf(content.bytes, kept);
          if (kept > content.forced && random.nextBoolean()) {
            int from = random.nextInt(content.forced, kept);
            Arrays.fill(bytes, from, kept, (byte) 0);
          }
          left.put(number, bytes);
        });
    return left;
  }

  void put(long number, byte[] bytes) {
    Content content = new Content();
    content.bytes = bytes;
    content.forced = bytes.length;
    contents.put(number, content);
  }

  @Override
  public SortedSet<Long> numbers() {
    return new TreeSet<>(contents.keySet());
  }

  @Override
  public LogFile create(long number) throws IOException {
    Content content = new Content();
    if (contents.putIfAbsent(number, content) != null) {
      throw new IOException(describe(number) + " exists");
    }
    return new LogFile() {
      @Override
      public void append(ByteBuffer bytes) {
        int size = content.bytes.length;
        content.bytes = Arrays.copyOf(content.bytes, size + bytes.remaining());
        bytes.get(content.bytes, size, bytes.remaining());
      }

      @Override
      public void force() {
        content.forced = content.bytes.length;
      }

      @Override
      public void truncate(long size) {
        content.bytes = Arrays.copyOf(content.bytes, (int) size);
        content.forced = Math.min(content.forced, (int) size);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public ByteBuffer read(long number) throws IOException {
    Content content = contents.get(number);
    if (content == null) {
      throw new NoSuchFileException(describe(number));
    }
    return ByteBuffer.wrap(content.bytes.clone());
  }

  @Override
  public void truncate(long number, long size) {
    put(number, Arrays.copyOf(contents.get(number).bytes, (int) size));
  }

  @Override
  public void delete(long number) {
    contents.remove(number);
  }

  @Override
  public void force() {}

  @Override
  public String describe(long number) {
    return "memory:" + number;
  }
}
