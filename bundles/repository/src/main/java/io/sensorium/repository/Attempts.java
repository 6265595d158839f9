package io.sensorium.repository;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.RefusedModel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Follows attempts to bring packages into service, and keeps what was refused. Thread-safe. */
final class Attempts {
  private final LifecycleListeners listeners;
  private final Refusals refusals = new Refusals();
  private final AtomicLong generations = new AtomicLong();

  Attempts(LifecycleListeners listeners) {
    this.listeners = listeners;
  }

  Refusals refusals() {
    return refusals;
  }

  /** Makes an attempt. When it throws, the package is in quarantine, and the reason is kept. */
  <T> T attempt(ModelManifest manifest, Origin origin, String source, Function<Attempt, T> work) {
    Attempt attempt =
        new Attempt(
            listeners,
            new PlugIn(
                PlugIn.Kind.MODEL,
                manifest.id(),
                manifest.version(),
                origin.bundleId(),
                generations.incrementAndGet()));
    try {
      T done = work.apply(attempt);
      refusals.forget(old -> old.source().equals(source) || isOf(old, manifest));
      return done;
    } catch (RuntimeException | Error e) {
      String reason = SensoriumException.reasonOf(e);
      refusals.add(
          new RefusedModel(
              source,
              manifest.id(),
              manifest.version(),
              attempt.step(),
              reason,
              origin.bundleId()));
      attempt.quarantine(reason);
      throw e;
    }
  }

  /** Notes that a source was refused before its manifest could be read. */
  void refuse(String source, Origin origin, RuntimeException failure) {
    refusals.add(
        new RefusedModel(
            source, "", "", Step.VERIFY, SensoriumException.reasonOf(failure), origin.bundleId()));
  }

  private static boolean isOf(RefusedModel refused, ModelManifest manifest) {
    return refused.model().equals(manifest.id()) && refused.version().equals(manifest.version());
  }
}
