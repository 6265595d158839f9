package io.sensorium.host.hotplug;

/** Forgets failures that matter no more. Thread-safe. */
final class Quarantine {
  /** The number of no bundle. */
  static final long NO_BUNDLE = -1;

  private final Journal journal;
  private final BundleSteps steps;

  Quarantine(Journal journal, BundleSteps steps) {
    this.journal = journal;
    this.steps = steps;
  }

  /**
   * What failed of that name is gone: the file that brought it is, or was put right.
   *
   * @param except a bundle that is still there
   */
  void forget(String name, long except) {
    journal.quarantined().stream()
        .map(entry -> entry.plugIn())
        .filter(plugIn -> plugIn.name().equals(name) && plugIn.bundleId() != except)
        .forEach(steps::gone);
  }
}
