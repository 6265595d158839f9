package io.sensorium.api.runtime;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Somebody who holds a lease and could live without it for a while. Methods are called from the
 * runtime's threads, without locks.
 */
@ConsumerType
public interface Reclaimable {
  /**
   * Who gives memory back first: lower numbers go first, among equals the longest idle.
   *
   * @return a priority, 0 by default
   */
  int priority();

  /** How long nothing has been asked of the holder; zero while it works. */
  Duration idle();

  /**
   * Asks the holder to close its lease as soon as what it accepted is finished.
   *
   * @return whether it will; false if it is pinned or has found work meanwhile
   */
  boolean reclaim();
}
