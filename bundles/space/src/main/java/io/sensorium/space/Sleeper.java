package io.sensorium.space;

import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;

/**
 * Offers the session of a generation to the runtime. Thread-safe.
 *
 * @param preferred whether it is one of the default space, which is asked after all others
 */
record Sleeper(Generation generation, EncoderRegistry registry, boolean preferred)
    implements Reclaimable {
  private static final int DEFAULT_SPACE_PRIORITY = 10;

  @Override
  public int priority() {
    return preferred ? DEFAULT_SPACE_PRIORITY : 0;
  }

  @Override
  public Duration idle() {
    return generation.idle();
  }

  @Override
  public boolean reclaim() {
    return registry.sleep(generation);
  }
}
