package io.sensorium.host.launch;

import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  private final Framework framework;
  private final AddedBundles added;

  private HostFramework(Framework framework, AddedBundles added) {
    this.framework = framework;
    this.added = added;
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
      if (cache.isReusable()) {
        try {
          return boot(options, home, cache);
        } catch (BundleException | HostStartException e) {
          LOG.warn(
              "the framework's cache does not come up whole ({}); building it anew",
              e.getMessage());
        }
      }
      cache.wipe();
      HostFramework started = boot(options, home, cache);
      cache.markReusable();
      return started;
    } catch (BundleException e) {
      throw new HostStartException("the framework does not start: " + Problems.line(e), e);
    } catch (IOException e) {
      throw new HostStartException(
          "a writable home is required; got %s in %s".formatted(Problems.line(e), home.root()), e);
    }
  }

  private static HostFramework boot(SensoriumOptions options, HomeFolder home, FrameworkCache cache)
      throws BundleException {
    Framework framework =
        new FrameworkFactory().newFramework(LaunchSettings.framework(options, home));
    boolean started = false;
    try {
      framework.init();
      BundleContext context = framework.getBundleContext();
      context.registerService(
          new String[] {LogService.class.getName(), LoggerFactory.class.getName()},
          FrameworkLog.service(),
          null);
      List<Bundle> shell = new ArrayList<>();
      List<Bundle> carried = new ArrayList<>();
      for (FrameworkCache.Located bundle : cache.bundles()) {
        (bundle.bundle().isShell() ? shell : carried)
            .add(context.installBundle("reference:" + bundle.file().toUri()));
      }
      AddedBundles added = new AddedBundles(context, home.added(), carried, shell);
      added.installKept();
      framework.start();
      startAll(carried);
      if (options.shell()) {
        startAll(shell);
      }
      for (Path jar : options.bundles()) {
        added.installForThisRun(jar);
      }
      added.startKept();
      started = true;
      return new HostFramework(framework, added);
    } finally {
      if (!started) {
        stop(framework);
      }
    }
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

  /** The bundles that are installed beside the carried ones. */
  public AddedBundles added() {
    return added;
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
    stop(framework);
  }

  /** A framework that got as far as init keeps threads that would keep the JVM alive. */
  private static void stop(Framework framework) {
    try {
      framework.stop();
      FrameworkEvent event = framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
        LOG.warn("the framework did not stop within {} s", STOP_SECONDS);
      }
    } catch (BundleException e) {
      LOG.warn("the framework did not stop cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
