package io.sensorium.index.lucene;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;

/**
 * Why an index takes no changes.
 *
 * @param diskFull whether writing may go on once there is space again
 * @param message one line for people
 * @param cause the failure
 */
record Trouble(boolean diskFull, String message, Throwable cause) {
  static Trouble of(String work, Throwable cause) {
    boolean full = DiskFull.is(cause);
    String consequence =
        full
            ? "the index takes no changes until the disk has space"
            : "the index is read-only until it is opened again";
    return new Trouble(full, "%s failed: %s; %s".formatted(work, cause, consequence), cause);
  }

  SensoriumException exception() {
    return diskFull
        ? new ResourceExhaustedException(message, cause)
        : new StorageException(message, cause);
  }
}
