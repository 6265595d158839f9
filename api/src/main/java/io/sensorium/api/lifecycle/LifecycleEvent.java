package io.sensorium.api.lifecycle;

import java.util.Objects;
import java.util.Optional;

/**
 * A plug-in begins a step. Immutable.
 *
 * @param plugIn which one
 * @param step that begins now; {@code READY}, {@code GONE} and {@code QUARANTINED} last
 * @param swap how it takes another's place; empty while nothing is replaced
 * @param reason why it is in quarantine, in one line; empty otherwise
 */
public record LifecycleEvent(PlugIn plugIn, Step step, Optional<Swap> swap, String reason) {
  public LifecycleEvent {
    Objects.requireNonNull(plugIn, "plugIn");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(swap, "swap");
    Objects.requireNonNull(reason, "reason");
  }

  public static LifecycleEvent of(PlugIn plugIn, Step step) {
    return new LifecycleEvent(plugIn, step, Optional.empty(), "");
  }

  public static LifecycleEvent quarantined(PlugIn plugIn, String reason) {
    return new LifecycleEvent(plugIn, Step.QUARANTINED, Optional.empty(), reason);
  }
}
