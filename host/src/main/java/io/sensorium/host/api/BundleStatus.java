package io.sensorium.host.api;

import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One bundle of a running host. Immutable.
 *
 * @param id the framework's number for it
 * @param name its symbolic name
 * @param version its version
 * @param state {@code ACTIVE}, {@code RESOLVED}, {@code INSTALLED}, {@code STARTING}, {@code
 *     STOPPING} or {@code UNINSTALLED}
 * @param origin where it came from
 * @param step of the protocol that it is at
 * @param since when that step began; for one that came up with the host, when the host started
 * @param swap how it took or takes another's place; empty if it replaced nothing
 * @param reason why it is in quarantine; blank otherwise
 * @param brought the model packages and encoders that it brought
 */
public record BundleStatus(
    long id,
    String name,
    String version,
    String state,
    Origin origin,
    Step step,
    Instant since,
    Optional<Swap> swap,
    String reason,
    List<LifecycleJournal.Entry> brought) {
  public BundleStatus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(swap, "swap");
    Objects.requireNonNull(reason, "reason");
    brought = List.copyOf(brought);
  }

  /** Where a bundle came from. */
  public enum Origin {
    /** It comes with the host. */
    CARRIED,
    /** It was installed through {@link Sensorium#installBundle} and is kept in the home. */
    ADDED,
    /** It lies in the home's {@code deploy} folder, or somebody installed it in the framework. */
    DEPLOYED
  }
}
