package io.sensorium.backend.transformer;

import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;
import java.util.Optional;

/** Asks whoever has an open model, once that one has said that it may be asked. Thread-safe. */
final class ModelHolder implements Reclaimable {
  private volatile Optional<Reclaimable> asked = Optional.empty();

  void ask(Reclaimable holder) {
    asked = Optional.of(holder);
  }

  @Override
  public int priority() {
    return asked.map(Reclaimable::priority).orElse(0);
  }

  @Override
  public Duration idle() {
    return asked.map(Reclaimable::idle).orElse(Duration.ZERO);
  }

  @Override
  public boolean reclaim() {
    return asked.map(Reclaimable::reclaim).orElse(false);
  }
}
