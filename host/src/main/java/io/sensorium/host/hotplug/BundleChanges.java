package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.hotplug.KeptBundle.Source;
import io.sensorium.host.hotplug.KeptBundles.Staged;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/**
 * Installs, updates and removes bundles while the host runs. Thread-safe: changes of one name
 * happen one after the other in the order in which they came, those of different names side by
 * side.
 *
 * <p>A bundle that was added is kept in the home and comes back with the next start. A carried
 * bundle may be updated or removed as well; removing what took its place brings it back at once,
 * and a carried bundle that was removed itself comes back with the next start.
 */
public final class BundleChanges {
  private final BundleSteps steps;
  private final Arrivals arrivals;
  private final KeptBundles kept;
  private final CarriedBundles carried;
  private final InstalledBundles installed;
  private final Quarantine quarantine;
  private final BundleViews views;
  private final Retirement retirement;
  private final NameLocks locks = new NameLocks();

  BundleChanges(
      BundleSteps steps,
      Arrivals arrivals,
      KeptBundles kept,
      CarriedBundles carried,
      InstalledBundles installed,
      Quarantine quarantine,
      BundleViews views) {
    this.steps = steps;
    this.arrivals = arrivals;
    this.kept = kept;
    this.carried = carried;
    this.installed = installed;
    this.quarantine = quarantine;
    this.views = views;
    this.retirement = new Retirement(steps, installed);
  }

  /** Every bundle but the system bundle, in the order of their numbers. */
  public List<BundleStatus> list() {
    return installed.all().map(views::status).toList();
  }

  /**
   * Installs and starts a bundle, waits until what it brought is ready, and keeps it for later
   * starts.
   *
   * @throws BundleException if it is no bundle, is not trusted, is there already, or does not come
   *     into service; nothing stays
   */
  public BundleStatus install(Path file) {
    BundleJar jar = BundleJar.open(file);
    return locks.holding(
        jar.symbolicName(),
        () -> {
          refuseDuplicate(jar);
          return views.status(bring(jar, Optional.empty(), null));
        });
  }

  /**
   * Replaces a bundle by another version. Until the new one is in service the old one serves, or is
   * put back.
   *
   * @param nameOrNumber the symbolic name or the number of an installed bundle
   * @throws BundleException if there is no such bundle or the new version does not come into
   *     service
   */
  public BundleStatus update(String nameOrNumber, Path file) {
    String name = installed.requireName(nameOrNumber);
    BundleJar jar = BundleJar.open(file);
    if (!jar.symbolicName().equals(name)) {
      throw new BundleException(
          "an update keeps the symbolic name; %s is '%s', wanted '%s'"
              .formatted(file, jar.symbolicName(), name));
    }
    return locks.holding(
        name,
        () -> {
          Bundle present = installed.require(name);
          Source source = kept.find(name).map(KeptBundle::source).orElse(null);
          return views.status(bring(jar, Optional.of(present), source));
        });
  }

  /**
   * Stops and removes a bundle. A carried one whose place it had taken serves again.
   *
   * @param nameOrNumber the symbolic name or the number of an installed bundle
   * @throws BundleException if there is no such bundle
   */
  public void uninstall(String nameOrNumber) {
    String name = installed.requireName(nameOrNumber);
    locks.holding(
        name,
        () -> {
          remove(installed.require(name));
          return name;
        });
  }

  /** Installs a bundle that the next start shall not know. */
  public void installForThisRun(Path file) {
    BundleJar jar = BundleJar.open(file);
    locks.holding(
        jar.symbolicName(),
        () -> {
          refuseDuplicate(jar);
          Staged staged = stage(jar);
          return swap(staged, Optional.empty()).run(() -> {});
        });
  }

  /**
   * Does something for a name while nobody else changes it.
   *
   * @param work may call the methods below
   */
  <T> T exclusively(String name, Supplier<T> work) {
    return locks.holding(name, work);
  }

  /**
   * Brings a jar into service and commits it; the caller has the name for itself.
   *
   * @param source the file in the deploy folder that it belongs to; null for none
   */
  Bundle bring(BundleJar jar, Optional<Bundle> present, Source source) {
    Staged staged = stage(jar);
    KeptBundle wanted =
        new KeptBundle(
            jar.symbolicName(),
            jar.version().toString(),
            staged.jar().file().getFileName().toString(),
            staged.sha256(),
            source);
    Optional<KeptBundle> before = kept.find(jar.symbolicName());
    Bundle bundle = swap(staged, present.map(steps::plugged)).run(() -> kept.commit(wanted));
    before.map(kept::jar).ifPresent(kept::discard);
    return bundle;
  }

  private BundleSwap swap(Staged staged, Optional<Plugged> old) {
    return new BundleSwap(steps, arrivals, kept, installed, retirement, staged, old);
  }

  private Staged stage(BundleJar jar) {
    try {
      return kept.stage(jar);
    } catch (IOException e) {
      throw new BundleException("cannot keep %s: %s".formatted(jar.file(), Problems.line(e)), e);
    }
  }

  /** Takes a bundle out; the caller has the name for itself. */
  void remove(Bundle bundle) {
    Plugged leaving = steps.plugged(bundle);
    String name = bundle.getSymbolicName();
    Optional<KeptBundle> before;
    try {
      before = name == null ? Optional.empty() : kept.forget(name);
    } catch (IOException e) {
      throw new BundleException(
          "the home must let go of %s: %s".formatted(name, Problems.line(e)), e);
    }
    if (name != null) {
      quarantine.forget(name, Quarantine.NO_BUNDLE);
    }
    retirement.retire(leaving, Optional.empty(), false);
    before.ifPresent(
        record -> {
          kept.discard(kept.jar(record));
          carried.restore(record.name());
        });
  }

  private void refuseDuplicate(BundleJar jar) {
    installed
        .find(jar.symbolicName())
        .ifPresent(
            present -> {
              throw new BundleException(
                  "%s %s is installed already; update it instead"
                      .formatted(present.getSymbolicName(), present.getVersion()));
            });
  }
}
