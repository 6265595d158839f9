package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.hotplug.PlugInThreads.FailedException;
import io.sensorium.host.hotplug.PlugInThreads.HangsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single steps of a bundle's life, each told before it is done. Thread-safe, but what is done
 * to one bundle is done by one thread at a time.
 */
final class BundleSteps {
  private static final Logger LOG = LoggerFactory.getLogger(BundleSteps.class);

  /** What the framework reads where it lies. */
  static final String REFERENCE = "reference:";

  private static final long REFRESH_SECONDS = 30;
  private static final Duration ROLLBACK_LIMIT = Duration.ofSeconds(3);

  private final BundleContext context;
  private final LifecycleTeller teller;
  private final Departures departures;
  private final Trust trust;
  private final PlugInPolicy policy;
  private final Generations generations;
  private final ServiceUsage usage;
  private final PlugInThreads threads = new PlugInThreads();
  private final Map<Long, PlugIn> known = new ConcurrentHashMap<>();

  BundleSteps(BundleContext context, LifecycleTeller teller, Departures departures, KeptHome home) {
    this.context = context;
    this.teller = teller;
    this.departures = departures;
    this.trust = home.trust();
    this.policy = home.policy();
    this.generations = home.generations();
    this.usage = new ServiceUsage(context.getBundle(0));
  }

  /** What listeners know a bundle as. */
  Plugged plugged(Bundle bundle) {
    return new Plugged(
        bundle,
        known.computeIfAbsent(
            bundle.getBundleId(),
            id ->
                new PlugIn(
                    PlugIn.Kind.BUNDLE,
                    String.valueOf(bundle.getSymbolicName()),
                    bundle.getVersion().toString(),
                    id,
                    generations.next())));
  }

  /** As {@link #plugged}, for whoever only looks; empty if nothing was ever told of it. */
  Optional<PlugIn> known(Bundle bundle) {
    return Optional.ofNullable(known.get(bundle.getBundleId()));
  }

  /** Gives the framework a jar, which it reads where it lies. */
  Plugged install(Path jar) throws org.osgi.framework.BundleException {
    return plugged(context.installBundle(location(jar)));
  }

  static String location(Path jar) {
    return REFERENCE + jar.toUri();
  }

  void resolve(Plugged candidate) {
    tell(candidate, Step.RESOLVE, Optional.empty());
    Bundle bundle = candidate.bundle();
    FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
    if (!wiring.resolveBundles(Set.of(bundle))) {
      List<String> missing =
          bundle.adapt(BundleRevision.class).getDeclaredRequirements(null).stream()
              .filter(BundleSteps::isMandatory)
              .filter(requirement -> wiring.findProviders(requirement).isEmpty())
              .map(BundleSteps::describe)
              .toList();
      throw new BundleException(
          "bundle %s does not resolve: %s"
              .formatted(
                  bundle.getSymbolicName(),
                  missing.isEmpty()
                      ? "what it imports cannot be had together"
                      : "nobody provides " + String.join(", ", missing)));
    }
  }

  private static boolean isMandatory(BundleRequirement requirement) {
    Map<String, String> directives = requirement.getDirectives();
    String effective = directives.get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
    return !Namespace.RESOLUTION_OPTIONAL.equals(
            directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
        && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE));
  }

  private static String describe(BundleRequirement requirement) {
    return requirement.getNamespace()
        + " "
        + requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
  }

  void verify(Plugged candidate, KeptBundles.Staged staged, Optional<Version> replaced) {
    tell(candidate, Step.VERIFY, Optional.empty());
    trust.require(staged.jar(), staged.sha256(), replaced);
  }

  /** Starts it. Its start is not persistent: with the next host, the host decides again. */
  void load(Plugged candidate, Optional<Swap> swap) throws HangsException {
    tell(candidate, Step.LOAD, swap);
    start(candidate.bundle());
    if (candidate.bundle().getState() != Bundle.ACTIVE) {
      throw new BundleException(
          "bundle %s must be active after its start; it is %s"
              .formatted(
                  candidate.bundle().getSymbolicName(),
                  BundleViews.stateName(candidate.bundle().getState())));
    }
  }

  private void start(Bundle bundle) throws HangsException {
    String name = bundle.getSymbolicName();
    try {
      threads.run(
          "start of " + name, policy.startLimit(), () -> bundle.start(Bundle.START_TRANSIENT));
    } catch (FailedException e) {
      throw new BundleException(
          "bundle %s does not start: %s".formatted(name, e.getMessage()), e.getCause());
    }
  }

  void ready(Plugged candidate, Optional<Swap> swap) {
    tell(candidate, Step.READY, swap);
  }

  void quarantine(Plugged candidate, String reason) {
    teller.tell(LifecycleEvent.quarantined(candidate.plugIn(), reason));
  }

  /** A bundle that never came as far as the framework. */
  void quarantine(BundleJar jar, String reason) {
    quarantine(jar.symbolicName(), jar.version().toString(), reason);
  }

  /** A bundle whose kept jar is damaged. */
  void quarantine(String name, String reason) {
    quarantine(name, "", reason);
  }

  private void quarantine(String name, String version, String reason) {
    PlugIn plugIn = new PlugIn(PlugIn.Kind.BUNDLE, name, version, 0, generations.next());
    teller.tell(LifecycleEvent.quarantined(plugIn, reason));
  }

  void gone(PlugIn plugIn) {
    teller.tell(LifecycleEvent.of(plugIn, Step.GONE));
  }

  /** Stops it; encoders finish what they accepted. What its stop throws does not keep it. */
  void drain(Plugged leaving, Optional<Swap> swap) throws HangsException {
    tell(leaving, Step.DRAIN, swap);
    Bundle bundle = leaving.bundle();
    try {
      threads.run(
          "stop of " + bundle.getSymbolicName(),
          policy.stopLimit(),
          () -> bundle.stop(Bundle.STOP_TRANSIENT));
    } catch (FailedException e) {
      LOG.warn("{} did not stop cleanly: {}", leaving.plugIn(), e.getMessage());
    }
  }

  /** Takes a stopped bundle out of the framework, and watches until nothing of it is left. */
  void close(Plugged leaving, Optional<Swap> swap) throws HangsException {
    tell(leaving, Step.CLOSE, swap);
    ClassLoader loader = loader(leaving.bundle());
    remove(leaving, policy.stopLimit());
    tell(leaving, Step.PROVE, swap);
    if (loader == null) {
      gone(leaving.plugIn());
    } else {
      departures.watch(loader, () -> gone(leaving.plugIn()));
    }
  }

  /** Takes a bundle that failed out of the framework; its last step stays told. */
  void removeFailed(Plugged failed) throws HangsException {
    ClassLoader loader = loader(failed.bundle());
    remove(failed, ROLLBACK_LIMIT);
    if (failed.bundle().getState() != Bundle.UNINSTALLED) {
      // An interruption can end the removal itself, and not only the plug-in's code within it.
      remove(failed, policy.stopLimit());
    }
    if (loader != null) {
      departures.watch(loader);
    }
  }

  private void remove(Plugged leaving, Duration limit) throws HangsException {
    Bundle bundle = leaving.bundle();
    try {
      threads.run("removal of " + bundle.getSymbolicName(), limit, () -> uninstall(bundle));
    } catch (FailedException e) {
      LOG.warn("{} was not removed cleanly: {}", leaving.plugIn(), e.getMessage());
    }
    known.remove(bundle.getBundleId());
  }

  private void uninstall(Bundle bundle) throws org.osgi.framework.BundleException {
    if (bundle.getState() != Bundle.UNINSTALLED) {
      bundle.uninstall();
    }
    refresh(bundle);
    usage.forget(bundle);
  }

  /** Cuts the wires to it, so that its class loader can go; who was wired to it is wired anew. */
  private void refresh(Bundle bundle) {
    CountDownLatch refreshed = new CountDownLatch(1);
    context
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(Set.of(bundle), event -> refreshed.countDown());
    try {
      if (!refreshed.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("refreshing after {} takes longer than {} s", bundle, REFRESH_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ClassLoader loader(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    return wiring == null ? null : wiring.getClassLoader();
  }

  private void tell(Plugged plugged, Step step, Optional<Swap> swap) {
    teller.tell(new LifecycleEvent(plugged.plugIn(), step, swap, ""));
  }

  /** Whether code of a bundle still runs that was given up. */
  boolean anyHangs() {
    return threads.anyHangs();
  }
}
