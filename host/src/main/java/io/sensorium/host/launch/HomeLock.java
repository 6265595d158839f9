package io.sensorium.host.launch;

import io.sensorium.host.api.HomeInUseException;
import io.sensorium.host.api.HostStartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a home for one host. The operating system gives the lock back however the process ends.
 * Close is idempotent.
 */
public final class HomeLock implements AutoCloseable {
  /**
   * The lock files that this process holds. POSIX drops a process's lock on a file as soon as the
   * process closes any descriptor of that file, so a held file must not even be opened again.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private HomeLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the home or fails at once.
   *
   * @throws HomeInUseException if another host has it; the message names the process
   */
  public static HomeLock take(HomeFolder home) {
    Path file = realPath(home);
    if (!HELD.add(file)) {
      throw inUse(home, ProcessHandle.current().pid() + " (this process)");
    }
    HomeLock lock = null;
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      HomeLock opened = new HomeLock(file, channel);
      try {
        if (channel.tryLock() == null) {
          throw inUse(home, holder(file));
        }
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
        lock = opened;
        return opened;
      } finally {
        if (lock == null) {
          opened.close();
        }
      }
    } catch (IOException e) {
      throw new HostStartException("cannot lock the home " + home.root() + ": " + e, e);
    } finally {
      if (lock == null) {
        HELD.remove(file);
      }
    }
  }

  private static Path realPath(HomeFolder home) {
    try {
      return home.root().toRealPath().resolve(home.lockFile().getFileName());
    } catch (IOException e) {
      throw new HostStartException("cannot read the home " + home.root() + ": " + e, e);
    }
  }

  private static HomeInUseException inUse(HomeFolder home, String process) {
    return new HomeInUseException(
        "one host a home; %s is held by process %s".formatted(home.root(), process));
  }

  private static String holder(Path file) throws IOException {
    String pid = Files.size(file) <= 20 ? Files.readString(file).strip() : "";
    return pid.isEmpty() ? "(unknown)" : pid;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new HostStartException("cannot give back the home's lock " + file, e);
    } finally {
      HELD.remove(file);
    }
  }
}
