package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.Step;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.BundleStatus.Origin;
import io.sensorium.host.api.LifecycleJournal.Entry;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;

/** Shows bundles as they stand. Thread-safe. */
final class BundleViews {
  private final KeptBundles kept;
  private final Journal journal;
  private final BundleSteps steps;
  private final Set<String> carriedLocations;
  private final Instant started = Instant.now();

  BundleViews(KeptBundles kept, Journal journal, BundleSteps steps, Set<String> carriedLocations) {
    this.kept = kept;
    this.journal = journal;
    this.steps = steps;
    this.carriedLocations = Set.copyOf(carriedLocations);
  }

  BundleStatus status(Bundle bundle) {
    Optional<Entry> entry = steps.known(bundle).flatMap(journal::find);
    String name = bundle.getSymbolicName();
    return new BundleStatus(
        bundle.getBundleId(),
        name == null ? bundle.getLocation() : name,
        bundle.getVersion().toString(),
        stateName(bundle.getState()),
        origin(bundle),
        entry.map(Entry::step).orElseGet(() -> step(bundle)),
        entry.map(Entry::since).orElse(started),
        entry.flatMap(Entry::swap),
        entry.map(Entry::reason).orElse(""),
        journal.broughtBy(bundle.getBundleId()));
  }

  /** Where nothing was told: bundles that came up with the host. */
  private static Step step(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.ACTIVE -> Step.READY;
      case Bundle.STARTING -> Step.LOAD;
      case Bundle.STOPPING -> Step.DRAIN;
      case Bundle.UNINSTALLED -> Step.PROVE;
      default -> Step.RESOLVE;
    };
  }

  private Origin origin(Bundle bundle) {
    String location = bundle.getLocation();
    if (carriedLocations.contains(location)) {
      return Origin.CARRIED;
    }
    Optional<KeptBundle> record = Optional.ofNullable(bundle.getSymbolicName()).flatMap(kept::find);
    boolean deployed =
        record.isPresent()
            ? record.get().source() != null
            : !location.startsWith(BundleSteps.REFERENCE);
    return deployed ? Origin.DEPLOYED : Origin.ADDED;
  }

  static String stateName(int state) {
    return switch (state) {
      case Bundle.ACTIVE -> "ACTIVE";
      case Bundle.RESOLVED -> "RESOLVED";
      case Bundle.INSTALLED -> "INSTALLED";
      case Bundle.STARTING -> "STARTING";
      case Bundle.STOPPING -> "STOPPING";
      default -> "UNINSTALLED";
    };
  }
}
