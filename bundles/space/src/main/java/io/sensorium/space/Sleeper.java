package io.sensorium.space;

import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;

/** Offers the session of a generation to the runtime. Thread-safe. */
record Sleeper(Generation generation, EncoderRegistry registry, boolean pinned, boolean preferred)
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
    return !pinned && registry.sleep(generation);
  }
}
