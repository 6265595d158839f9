package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A whole file, mapped read-only. Safe for use by several threads.
 *
 * @param path where the file is
 * @param arena what unmaps it
 * @param bytes the mapping, valid until {@link #close()}
 */
record MappedFile(Path path, Arena arena, MemorySegment bytes) implements AutoCloseable {
  /**
   * Maps a file.
   *
   * @throws ModelLoadException if it is missing or unreadable
   */
  static MappedFile open(Path path) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      opened = true;
      return new MappedFile(path, arena, bytes);
    } catch (IOException e) {
      throw new ModelLoadException("%s cannot be read: %s".formatted(path, e), e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** Unmaps the file. Closing twice does nothing. */
  @Override
  public void close() {
    synchronized (arena) {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }
}
