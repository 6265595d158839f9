package io.sensorium.host.launch;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.BundleStatus.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, updates and removes bundles while the host runs. Thread-safe: one change at a time.
 *
 * <p>A bundle that was added is kept in the home and comes back with the next start. A carried
 * bundle may be updated or removed as well; a removed one comes back with the next start.
 */
public final class AddedBundles {
  private static final Logger LOG = LoggerFactory.getLogger(AddedBundles.class);
  private static final String KEPT = "sensorium:added/";
  private static final String THIS_RUN = "sensorium:run/";
  private static final long REFRESH_SECONDS = 30;

  private final BundleContext context;
  private final Path folder;
  private final Set<Long> carried;

  AddedBundles(BundleContext context, Path folder, List<Bundle> carried, List<Bundle> shell) {
    this.context = context;
    this.folder = folder;
    this.carried =
        Stream.concat(carried.stream(), shell.stream())
            .map(Bundle::getBundleId)
            .collect(Collectors.toSet());
  }

  /** Every bundle but the system bundle, in the order of their numbers. */
  public List<BundleStatus> list() {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getBundleId() != 0)
        .map(this::status)
        .toList();
  }

  /**
   * Installs and starts a bundle and keeps it for later starts.
   *
   * @throws BundleException if it is no bundle, is there already, or does not start; nothing stays
   */
  public synchronized BundleStatus install(Path file) {
    BundleJar jar = BundleJar.open(file);
    refuseDuplicate(jar);
    Bundle bundle = installAndStart(jar, KEPT + jar.symbolicName());
    try {
      keep(jar);
    } catch (IOException e) {
      uninstall(bundle);
      throw new BundleException("cannot keep %s: %s".formatted(file, Problems.line(e)), e);
    }
    return status(bundle);
  }

  /**
   * Replaces a bundle by another version. When the new one does not start, the old one is put back.
   *
   * @param name the symbolic name or the number of an installed bundle
   * @throws BundleException if there is no such bundle or the new version does not start
   */
  public synchronized BundleStatus update(String name, Path file) {
    Bundle bundle = require(name);
    BundleJar jar = BundleJar.open(file);
    if (!jar.symbolicName().equals(bundle.getSymbolicName())) {
      throw new BundleException(
          "an update keeps the symbolic name; %s is '%s', wanted '%s'"
              .formatted(file, jar.symbolicName(), bundle.getSymbolicName()));
    }
    Optional<Path> before = source(bundle);
    try {
      replace(bundle, file);
    } catch (BundleException failure) {
      before.ifPresent(old -> putBack(bundle, old, failure));
      throw failure;
    }
    if (bundle.getLocation().startsWith(KEPT)) {
      try {
        keep(jar);
      } catch (IOException e) {
        LOG.warn("{} runs its new version, but the home keeps the old one", name, e);
      }
    }
    return status(bundle);
  }

  /**
   * Stops and removes a bundle.
   *
   * @param name the symbolic name or the number of an installed bundle
   * @throws BundleException if there is no such bundle
   */
  public synchronized void uninstall(String name) {
    Bundle bundle = require(name);
    boolean kept = bundle.getLocation().startsWith(KEPT);
    uninstall(bundle);
    if (kept) {
      try {
        Files.deleteIfExists(keptFile(bundle.getSymbolicName()));
      } catch (IOException e) {
        throw new BundleException(
            "%s is gone now but will be back: %s".formatted(name, Problems.line(e)), e);
      }
    }
  }

  /** Brings back what earlier runs added; called before the framework starts. */
  synchronized void installKept() {
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getLocation().startsWith(THIS_RUN)) {
        uninstall(bundle);
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
        installQuietly(file);
      }
    } catch (IOException e) {
      LOG.warn("cannot read {}", folder, e);
    }
  }

  private void installQuietly(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      context.installBundle(KEPT + BundleJar.open(file).symbolicName(), bytes);
    } catch (IOException | org.osgi.framework.BundleException | BundleException e) {
      LOG.warn("the added bundle {} cannot be brought back: {}", file, Problems.line(e));
    }
  }

  /** Starts what earlier runs added; one that fails is logged and left out. */
  synchronized void startKept() {
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getLocation().startsWith(KEPT) && bundle.getState() != Bundle.ACTIVE) {
        try {
          bundle.start();
        } catch (org.osgi.framework.BundleException e) {
          LOG.warn("the added bundle {} does not start: {}", bundle, Problems.line(e));
        }
      }
    }
  }

  synchronized void installForThisRun(Path file) {
    BundleJar jar = BundleJar.open(file);
    refuseDuplicate(jar);
    installAndStart(jar, THIS_RUN + jar.symbolicName());
  }

  private void refuseDuplicate(BundleJar jar) {
    find(jar.symbolicName())
        .ifPresent(
            present -> {
              throw new BundleException(
                  "%s %s is installed already; update it instead"
                      .formatted(present.getSymbolicName(), present.getVersion()));
            });
  }

  private Bundle installAndStart(BundleJar jar, String location) {
    Bundle bundle = null;
    try (InputStream bytes = Files.newInputStream(jar.file())) {
      bundle = context.installBundle(location, bytes);
      bundle.start();
      return bundle;
    } catch (IOException | org.osgi.framework.BundleException e) {
      if (bundle != null) {
        uninstall(bundle);
      }
      throw new BundleException(
          "bundle %s does not start: %s".formatted(jar.symbolicName(), Problems.line(e)), e);
    }
  }

  private void replace(Bundle bundle, Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      bundle.update(bytes);
      refresh(bundle);
      // An update that cannot restart its bundle only tells a framework listener; this throws.
      bundle.start();
    } catch (IOException | org.osgi.framework.BundleException e) {
      throw new BundleException(
          "bundle %s does not start from %s: %s"
              .formatted(bundle.getSymbolicName(), file, Problems.line(e)),
          e);
    }
  }

  private void putBack(Bundle bundle, Path old, BundleException failure) {
    try {
      replace(bundle, old);
    } catch (BundleException e) {
      failure.addSuppressed(e);
    }
  }

  private void uninstall(Bundle bundle) {
    try {
      bundle.uninstall();
      refresh(bundle);
    } catch (org.osgi.framework.BundleException e) {
      throw new BundleException(
          "bundle %s cannot be removed: %s".formatted(bundle, Problems.line(e)), e);
    }
  }

  /** Cuts the wires to the old revision, so that its class loader can go. */
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

  private Optional<Path> source(Bundle bundle) {
    String location = bundle.getLocation();
    if (location.startsWith(KEPT)) {
      return Optional.of(keptFile(bundle.getSymbolicName())).filter(Files::isRegularFile);
    }
    String file = location.replaceFirst("^reference:", "");
    return file.startsWith("file:")
        ? Optional.of(Path.of(java.net.URI.create(file))).filter(Files::isRegularFile)
        : Optional.empty();
  }

  private void keep(BundleJar jar) throws IOException {
    Files.createDirectories(folder);
    Path partial = Files.createTempFile(folder, "bundle", ".part");
    try {
      Files.copy(jar.file(), partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, keptFile(jar.symbolicName()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private Path keptFile(String symbolicName) {
    return folder.resolve(symbolicName + ".jar");
  }

  private Bundle require(String name) {
    return find(name)
        .orElseThrow(
            () -> {
              List<String> names = new ArrayList<>();
              list().forEach(bundle -> names.add(bundle.name()));
              return new BundleException(
                  "no bundle '%s'; there are %s".formatted(name, String.join(", ", names)));
            });
  }

  private Optional<Bundle> find(String name) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getBundleId() != 0)
        .filter(
            bundle ->
                name.equals(bundle.getSymbolicName())
                    || name.equals(Long.toString(bundle.getBundleId())))
        .findFirst();
  }

  private BundleStatus status(Bundle bundle) {
    String name = bundle.getSymbolicName();
    Origin origin =
        carried.contains(bundle.getBundleId())
            ? Origin.CARRIED
            : bundle.getLocation().startsWith("sensorium:") ? Origin.ADDED : Origin.DEPLOYED;
    return new BundleStatus(
        bundle.getBundleId(),
        name == null ? bundle.getLocation() : name,
        bundle.getVersion().toString(),
        stateName(bundle.getState()),
        origin);
  }

  private static String stateName(int state) {
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
