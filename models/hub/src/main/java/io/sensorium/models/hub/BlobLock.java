package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One fetcher per content, across threads and processes; ends with the process at the latest. */
final class BlobLock implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final FileChannel channel;

  private BlobLock(FileChannel channel) {
    this.channel = channel;
  }

  static BlobLock acquire(Path file, RequestContext context) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      while (!tryLock(channel)) {
        context.check("another download of the same file ended (" + file + ")");
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return new BlobLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
