package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Finds the one generation of a name that counts: not a candidate, and none that is leaving.
 * Thread-safe.
 */
final class InstalledBundles {
  private final BundleContext context;
  private final Set<Long> passing = ConcurrentHashMap.newKeySet();

  InstalledBundles(BundleContext context) {
    this.context = context;
  }

  /** Every bundle but the system bundle, in the order of their numbers. */
  Stream<Bundle> all() {
    return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getBundleId() != 0);
  }

  /** A candidate, or one that is leaving: it does not count from now on. */
  void pass(Bundle bundle) {
    passing.add(bundle.getBundleId());
  }

  /** It counts again, or for the first time; or there is nothing left that could count. */
  void count(Bundle bundle) {
    passing.remove(bundle.getBundleId());
  }

  Optional<Bundle> find(String symbolicName) {
    return counting().filter(bundle -> symbolicName.equals(bundle.getSymbolicName())).findFirst();
  }

  /**
   * The symbolic name of an installed bundle.
   *
   * @param nameOrNumber its symbolic name or its number
   * @throws BundleException if there is none
   */
  String requireName(String nameOrNumber) {
    return counting()
        .filter(
            bundle ->
                nameOrNumber.equals(bundle.getSymbolicName())
                    || nameOrNumber.equals(Long.toString(bundle.getBundleId())))
        .map(bundle -> String.valueOf(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> missing(nameOrNumber));
  }

  Bundle require(String symbolicName) {
    return find(symbolicName).orElseThrow(() -> missing(symbolicName));
  }

  private BundleException missing(String name) {
    return new BundleException(
        "no bundle '%s'; there are %s"
            .formatted(
                name,
                counting()
                    .map(bundle -> String.valueOf(bundle.getSymbolicName()))
                    .collect(Collectors.joining(", "))));
  }

  private Stream<Bundle> counting() {
    return all().filter(bundle -> !passing.contains(bundle.getBundleId()));
  }
}
