package io.sensorium.index.lucene;

import java.nio.file.FileSystemException;
import java.util.List;

/** Tells a full disk from other failures: the JDK passes on only the operating system's words. */
final class DiskFull {
  private static final List<String> WORDS =
      List.of("no space left on device", "not enough space", "disk quota exceeded");

  private DiskFull() {}

  static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason =
          cause instanceof FileSystemException system && system.getReason() != null
              ? system.getReason()
              : String.valueOf(cause.getMessage());
      if (WORDS.stream().anyMatch(reason.toLowerCase(java.util.Locale.ROOT)::contains)) {
        return true;
      }
    }
    return false;
  }
}
