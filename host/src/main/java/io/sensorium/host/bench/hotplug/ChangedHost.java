package io.sensorium.host.bench.hotplug;

import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.Sensorium;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.FrameworkWiring;

/** A running host as the one sees it who changes it. Thread-safe. */
final class ChangedHost {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long LOOK_NANOS = 500_000;

  private final Sensorium sensorium;

  ChangedHost(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  Sensorium sensorium() {
    return sensorium;
  }

  EmbeddingService embeddings() {
    return sensorium.service(EmbeddingService.class);
  }

  /** The system bundle's context. */
  BundleContext context() {
    return FrameworkUtil.getBundle(sensorium.service(MediaIndex.class).getClass())
        .getBundleContext()
        .getBundle(0)
        .getBundleContext();
  }

  /** Stops, rewires and starts a bundle, as a shell's refresh does. */
  void refresh(String name) {
    List<Bundle> bundles =
        Arrays.stream(context().getBundles())
            .filter(bundle -> name.equals(bundle.getSymbolicName()))
            .toList();
    CountDownLatch refreshed = new CountDownLatch(1);
    context()
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(Set.copyOf(bundles), event -> refreshed.countDown());
    try {
      if (!refreshed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("refreshing " + name + " takes longer than " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until that version of a modality's encoder, and no other, serves in the tried space. */
  void awaitServing(Subject subject, int version) {
    String wanted = Integer.toString(version);
    await(
        () -> {
          List<EncoderStatus> here = here(subject);
          return here.stream().allMatch(e -> e.modelVersion().equals(wanted))
              && here.stream().anyMatch(e -> e.state() == State.READY);
        },
        "version %d of %s must serve".formatted(version, subject.bundle()),
        () -> here(subject).toString());
  }

  private List<EncoderStatus> here(Subject subject) {
    return sensorium.encoders().stream()
        .filter(e -> e.space().equals(ProbeModel.SPACE) && e.modality().equals(subject.modality()))
        .toList();
  }

  /** Waits for something that takes a moment. */
  static void await(
      BooleanSupplier reached, String required, java.util.function.Supplier<String> found) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s within %s; found %s".formatted(required, PATIENCE, found.get()));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** The bundles of that name. */
  List<BundleStatus> bundles(String name) {
    return sensorium.bundles().stream().filter(bundle -> bundle.name().equals(name)).toList();
  }

  /** The one bundle of that name, if there is one. */
  Optional<BundleStatus> bundle(String name) {
    return bundles(name).stream().findFirst();
  }
}
