package io.sensorium.index.lucene;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Log files in a folder: {@code 0000000000000001.log} and so on. */
final class DiskLogFiles implements LogFiles {
  private static final String NAME = "[0-9]{16}\\.log";

  private final Path folder;

  DiskLogFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public SortedSet<Long> numbers() throws IOException {
    SortedSet<Long> numbers = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(NAME))
          .forEach(name -> numbers.add(Long.valueOf(name.substring(0, 16))));
    }
    return numbers;
  }

  @Override
  public LogFile create(long number) throws IOException {
    return new DiskLogFile(
        FileChannel.open(file(number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public ByteBuffer read(long number) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file(number)));
  }

  @Override
  public void truncate(long number, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file(number), StandardOpenOption.WRITE)) {
      channel.truncate(size);
      channel.force(true);
    }
  }

  @Override
  public void delete(long number) throws IOException {
    Files.deleteIfExists(file(number));
  }

  @Override
  public void force() throws IOException {
    forceFolder(folder);
  }

  /** Makes the names in a folder durable. */
  static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public String describe(long number) {
    return file(number).toString();
  }

  private Path file(long number) {
    return folder.resolve("%016d.log".formatted(number));
  }

  private record DiskLogFile(FileChannel channel) implements LogFile {
    @Override
    public void append(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
