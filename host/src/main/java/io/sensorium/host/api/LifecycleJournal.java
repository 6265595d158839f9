package io.sensorium.host.api;

import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where everything that was plugged in stands: bundles that changed since the host started, model
 * packages and encoders. Thread-safe. Bounded: of what is in quarantine the latest are kept.
 */
public interface LifecycleJournal {

  /** Every generation that is known, in the order in which they began their present step. */
  List<Entry> entries();

  /** Bundles that are leaving: draining, closing, or removed and not yet proved gone. */
  List<Entry> leaving();

  /** Bundles that were kept out of service, latest last. */
  List<Entry> quarantined();

  /**
   * How many removed bundles' class loaders the garbage collector has not collected yet. It is only
   * exact after a full collection, which this does not cause.
   */
  int classLoadersRetained();

  /**
   * From now on tells a listener of every step, as a {@link LifecycleListener} service would be.
   *
   * @return what stops it
   */
  Listening listen(LifecycleListener listener);

  /** A listener that is being told. */
  @FunctionalInterface
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * One generation as it stands now. Immutable.
   *
   * @param plugIn which one
   * @param step that it is at
   * @param since when that began
   * @param swap how it took or takes another's place; empty while nothing is replaced
   * @param reason why it is in quarantine; blank otherwise
   * @param failedIn the step that it left for quarantine; empty otherwise
   */
  record Entry(
      PlugIn plugIn,
      Step step,
      Instant since,
      Optional<Swap> swap,
      String reason,
      Optional<Step> failedIn) {
    public Entry {
      Objects.requireNonNull(plugIn, "plugIn");
      Objects.requireNonNull(step, "step");
      Objects.requireNonNull(since, "since");
      Objects.requireNonNull(swap, "swap");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(failedIn, "failedIn");
    }
  }
}
