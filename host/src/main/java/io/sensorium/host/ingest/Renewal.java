package io.sensorium.host.ingest;

import io.sensorium.api.index.IndexEntry;

/** What becomes of an item whose space has a new version. */
public sealed interface Renewal {
  /** It was embedded again; its id is the same. */
  record Renewed(IndexEntry entry) implements Renewal {}

  /** Its file is gone from a folder that is there. */
  record Gone() implements Renewal {}

  /**
   * It stays as it is.
   *
   * @param reason one line
   */
  record Kept(String reason) implements Renewal {}
}
