package io.sensorium.host.launch;

import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.hotplug.PlugIns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.service.log.LogService;
import org.osgi.service.log.LoggerFactory;
import org.slf4j.Logger;

/**
 * A running framework with the carried bundles active. Thread-safe; close is idempotent.
 *
 * <p>The framework's cache is kept between starts while the carried bundles are the same; a cache
 * that does not come up whole is thrown away once and built anew.
 */
public final class HostFramework implements AutoCloseable {
  private static final Logger LOG = org.slf4j.LoggerFactory.getLogger(HostFramework.class);
  private static final long STOP_SECONDS = 60;
  private static final long STOP_HANGING_SECONDS = 2;

  private final Framework framework;
  private final PlugIns plugIns;

  private HostFramework(Framework framework, PlugIns plugIns) {
    this.framework = framework;
    this.plugIns = plugIns;
  }

  /**
   * Starts a framework in a home that the caller holds.
   *
   * @throws HostStartException if a carried bundle does not become active; nothing is left running
   */
  public static HostFramework launch(SensoriumOptions options, HomeFolder home) {
    NativeLibraries.prepare(home);
    BundleCatalog catalog = BundleCatalog.load(HostFramework.class.getClassLoader());
    try {
      FrameworkCache cache = FrameworkCache.prepare(catalog, home);
      PlugIns.Kept kept = new PlugIns.Kept(home, options.plugIns());
      if (cache.isReusable()) {
        try {
          return boot(options, home, cache, kept);
        } catch (BundleException | HostStartException e) {
          LOG.warn(
              "the framework's cache does not come up whole ({}); building it anew",
              e.getMessage());
        }
      }
      cache.wipe();
      HostFramework started = boot(options, home, cache, kept);
      cache.markReusable();
      return started;
    } catch (BundleException e) {
      throw new HostStartException("the framework does not start: " + Problems.line(e), e);
    } catch (IOException e) {
      throw new HostStartException(
          "a writable home is required; got %s in %s".formatted(Problems.line(e), home.root()), e);
    }
  }

  private static HostFramework boot(
      SensoriumOptions options, HomeFolder home, FrameworkCache cache, PlugIns.Kept kept)
      throws BundleException, IOException {
    Framework framework =
        new FrameworkFactory().newFramework(LaunchSettings.framework(options, home));
    PlugIns plugIns = null;
    boolean started = false;
    try {
      framework.init();
      BundleContext context = framework.getBundleContext();
      context.registerService(
          new String[] {LogService.class.getName(), LoggerFactory.class.getName()},
          FrameworkLog.service(),
          null);
      List<Path> carried = cache.bundles().stream().map(FrameworkCache.Located::file).toList();
      plugIns = PlugIns.in(context, kept, carried);
      Map<Path, Bundle> installed = plugIns.install(carried);
      framework.start();
      startAll(bundles(cache, installed, CarriedBundle::isEssential));
      if (options.shell()) {
        startAll(bundles(cache, installed, CarriedBundle::isShell));
      }
      for (Path jar : options.bundles()) {
        plugIns.changes().installForThisRun(jar);
      }
      plugIns.startKept();
      for (Bundle watcher : bundles(cache, installed, CarriedBundle::isDeployWatcher)) {
        plugIns.watchDeployFolder(watcher);
      }
      started = true;
      return new HostFramework(framework, plugIns);
    } finally {
      if (!started) {
        stop(framework, plugIns);
      }
    }
  }

  private static List<Bundle> bundles(
      FrameworkCache cache, Map<Path, Bundle> installed, Predicate<CarriedBundle> which) {
    return cache.bundles().stream()
        .filter(located -> which.test(located.bundle()))
        .map(located -> installed.get(located.file()))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Starts what is not active yet; every failure is named, so that one start tells them all. */
  private static void startAll(List<Bundle> bundles) {
    List<String> problems = new ArrayList<>();
    for (Bundle bundle : bundles) {
      boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
      if (!fragment && bundle.getState() != Bundle.ACTIVE) {
        try {
          bundle.start();
        } catch (BundleException e) {
          problems.add(bundle.getSymbolicName() + ": " + Problems.line(e));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new HostStartException(
          "every carried bundle must be active; " + String.join("; ", problems));
    }
  }

  /** The system bundle's context. */
  public BundleContext context() {
    return framework.getBundleContext();
  }

  /** The bundles that come and go. */
  public PlugIns plugIns() {
    return plugIns;
  }

  /** The service of that type that is best now; empty while there is none. */
  public <T> Optional<T> service(Class<T> type) {
    return service(type, null);
  }

  /**
   * The best service of that type whose properties match.
   *
   * @param filter an LDAP filter as the OSGi core specification defines it; null for any
   */
  public <T> Optional<T> service(Class<T> type, String filter) {
    BundleContext context = framework.getBundleContext();
    if (context == null) {
      throw new IllegalStateException("the host is closed");
    }
    try {
      return context.getServiceReferences(type, filter).stream()
          .max(Comparator.naturalOrder())
          .map(context::getService);
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException("a filter like (key=value) is required; got " + filter, e);
    }
  }

  /** Waits until the framework has stopped or the thread is interrupted. */
  public void awaitStop() {
    try {
      framework.waitForStop(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop(framework, plugIns);
  }

  /** A framework that got as far as init keeps threads that would keep the JVM alive. */
  private static void stop(Framework framework, PlugIns plugIns) {
    long seconds = STOP_SECONDS;
    if (plugIns != null) {
      plugIns.close();
      if (plugIns.anyHangs()) {
        // The framework would wait for ever for the bundle that hangs, and for the others with it.
        stopOneByOne(framework);
        seconds = STOP_HANGING_SECONDS;
      }
    }
    try {
      framework.stop();
      FrameworkEvent event = framework.waitForStop(TimeUnit.SECONDS.toMillis(seconds));
      if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
        LOG.warn("the framework did not stop within {} s", seconds);
      }
    } catch (BundleException e) {
      LOG.warn("the framework did not stop cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What can be stopped is, the last one first. */
  private static void stopOneByOne(Framework framework) {
    BundleContext context = framework.getBundleContext();
    List<Bundle> active =
        context == null
            ? List.of()
            : Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != 0)
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .toList();
    for (Bundle bundle : active.reversed()) {
      try {
        bundle.stop(Bundle.STOP_TRANSIENT);
      } catch (BundleException | IllegalStateException e) {
        LOG.warn("{} did not stop cleanly: {}", bundle, Problems.line(e));
      }
    }
  }
}
