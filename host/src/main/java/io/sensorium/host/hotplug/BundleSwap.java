package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.memory.MemoryReporter;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.hotplug.KeptBundles.Staged;
import io.sensorium.host.hotplug.PlugInThreads.HangsException;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one jar into service, in the place of an older generation if there is one. One change;
 * used by one thread.
 *
 * <p>Side by side, the old generation serves until the new one was committed; in place, it is
 * stopped before the new one starts, and started again if that fails.
 */
final class BundleSwap {
  private static final Logger LOG = LoggerFactory.getLogger(BundleSwap.class);

  private static final String CONTRACTS = "io.sensorium.api.";

  /** What a bundle is told or asked through, or has found: nobody lives by its being there. */
  private static final Set<String> OWN_AFFAIRS =
      Set.of(
          LifecycleListener.class.getName(),
          MemoryReporter.class.getName(),
          ModelPackage.class.getName());

  private final BundleSteps steps;
  private final Arrivals arrivals;
  private final KeptBundles kept;
  private final InstalledBundles installed;
  private final Retirement retirement;
  private final Staged staged;
  private final Optional<Plugged> old;
  private Optional<Swap> how = Optional.empty();
  private Plugged candidate;
  private boolean oldStopped;

  /**
   * @param staged a jar that lies in the home
   * @param old what it replaces
   */
  BundleSwap(
      BundleSteps steps,
      Arrivals arrivals,
      KeptBundles kept,
      InstalledBundles installed,
      Retirement retirement,
      Staged staged,
      Optional<Plugged> old) {
    this.steps = steps;
    this.arrivals = arrivals;
    this.kept = kept;
    this.installed = installed;
    this.retirement = retirement;
    this.staged = staged;
    this.old = old;
  }

  /** The moment from which on a change has happened. */
  @FunctionalInterface
  interface Commit {
    void run() throws IOException;
  }

  /**
   * Does all of it.
   *
   * @throws BundleException if the jar does not come into service; nothing of it stays, and the old
   *     generation serves
   */
  Bundle run(Commit commit) {
    try {
      bring();
      commit.run();
    } catch (HangsException e) {
      throw rollBack(new BundleException(e.getMessage(), e), e.end());
    } catch (IOException | org.osgi.framework.BundleException | RuntimeException e) {
      throw rollBack(failure(e), CompletableFuture.completedFuture(null));
    }
    installed.count(candidate.bundle());
    old.map(Plugged::bundle).ifPresent(installed::pass);
    steps.ready(candidate, how);
    old.ifPresent(
        leaving -> retirement.retire(leaving, how, how.equals(Optional.of(Swap.DRAIN_AND_SWAP))));
    return candidate.bundle();
  }

  private void bring() throws HangsException, org.osgi.framework.BundleException {
    candidate = steps.install(staged.jar().file());
    installed.pass(candidate.bundle());
    steps.resolve(candidate);
    steps.verify(candidate, staged, old.map(plugged -> plugged.bundle().getVersion()));
    how = old.map(plugged -> SwapChoice.between(plugged.bundle(), candidate.bundle()));
    Set<String> ill = arrivals.quarantined();
    Set<String> services = old.isPresent() ? takenOver() : Set.of();
    Set<String> contracts = old.map(plugged -> contracts(plugged.bundle())).orElse(Set.of());
    if (how.equals(Optional.of(Swap.DRAIN_AND_SWAP))) {
      stopOld();
    }
    steps.load(candidate, how);
    arrivals.await(candidate.bundle(), ill, services);
    requireAll(contracts);
  }

  /** The types of this host's services that a bundle offers: somebody may live by them. */
  private static Set<String> contracts(Bundle bundle) {
    return SwapChoice.registeredTypes(bundle).stream()
        .filter(type -> type.startsWith(CONTRACTS) && !OWN_AFFAIRS.contains(type))
        .collect(Collectors.toSet());
  }

  private void requireAll(Set<String> contracts) {
    Set<String> missing = new TreeSet<>(contracts);
    missing.removeAll(contracts(candidate.bundle()));
    if (!missing.isEmpty()) {
      throw new BundleException(
          "%s must offer what the version in its place offers; it lacks %s (to do without, remove that version first)"
              .formatted(candidate.bundle().getSymbolicName(), missing));
    }
  }

  /** What the old generation offers and the new one says it will. */
  private Set<String> takenOver() {
    Set<String> types = new HashSet<>(SwapChoice.registeredTypes(old.orElseThrow().bundle()));
    types.retainAll(SwapChoice.declaredTypes(candidate.bundle()));
    return types;
  }

  private void stopOld() throws HangsException {
    Plugged leaving = old.orElseThrow();
    oldStopped = leaving.bundle().getState() == Bundle.ACTIVE;
    try {
      steps.drain(leaving, how);
    } catch (HangsException e) {
      oldStopped = false;
      var _ = e.end().whenComplete((nothing, failure) -> startAgain(leaving));
      throw e;
    }
  }

  private static BundleException failure(Exception e) {
    return e instanceof BundleException known ? known : new BundleException(Problems.line(e), e);
  }

  private BundleException rollBack(BundleException failure, CompletableFuture<Void> ended) {
    if (candidate == null) {
      steps.quarantine(staged.jar(), failure.getMessage());
      kept.discard(staged.jar().file());
      return failure;
    }
    steps.quarantine(candidate, failure.getMessage());
    if (ended.isDone()) {
      remove();
    } else {
      // Its code holds the framework's lock on it: whoever removes it now would hang as well.
      var _ = ended.whenComplete((nothing, thrown) -> remove());
    }
    if (oldStopped) {
      startAgain(old.orElseThrow());
    }
    return failure;
  }

  private void remove() {
    try {
      steps.removeFailed(candidate);
      installed.count(candidate.bundle());
      kept.discard(staged.jar().file());
    } catch (HangsException e) {
      LOG.warn("{}; it is removed when the host is started next", e.getMessage());
    }
  }

  private void startAgain(Plugged before) {
    try {
      steps.load(before, how);
      steps.ready(before, how);
    } catch (BundleException | HangsException e) {
      steps.quarantine(before, "it does not start again: " + e.getMessage());
    }
  }
}
