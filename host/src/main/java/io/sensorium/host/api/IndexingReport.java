package io.sensorium.host.api;

import java.time.Duration;
import java.util.List;

/**
 * What became of the files.
 *
 * @param indexed files embedded and stored
 * @param unchanged files that were stored already
 * @param removed entries whose files are gone
 * @param unreadable what is left out, and why
 * @param took how long it took
 */
public record IndexingReport(
    long indexed, long unchanged, long removed, List<Unreadable> unreadable, Duration took) {
  public IndexingReport {
    unreadable = List.copyOf(unreadable);
  }

  /**
   * A file or folder that was left out.
   *
   * @param path as found
   * @param reason one line
   */
  public record Unreadable(String path, String reason) {}
}
