package io.sensorium.repository;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import java.util.Optional;

/** One package on its way into service and out of it. One thread at a time. */
final class Attempt {
  private final LifecycleListeners listeners;
  private final PlugIn plugIn;
  private Step step = Step.RESOLVE;
  private Optional<Swap> swap = Optional.empty();

  Attempt(LifecycleListeners listeners, PlugIn plugIn) {
    this.listeners = listeners;
    this.plugIn = plugIn;
  }

  PlugIn plugIn() {
    return plugIn;
  }

  /** The step that began last. */
  Step step() {
    return step;
  }

  /** Notes that it takes an older package's place. */
  void replaces() {
    swap = Optional.of(Swap.BLUE_GREEN);
  }

  void begin(Step next) {
    step = next;
    listeners.tell(new LifecycleEvent(plugIn, next, swap, ""));
  }

  void quarantine(String reason) {
    listeners.tell(new LifecycleEvent(plugIn, Step.QUARANTINED, swap, reason));
  }
}
