package io.sensorium.host.hotplug;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.hotplug.CarriedPackages.Carried;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Waits until what a started bundle brought is in service. Thread-safe. */
final class Arrivals {
  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  private final BundleContext context;
  private final CarriedPackages packages;
  private final Duration limit;

  Arrivals(BundleContext context, Duration limit) {
    this.context = context;
    this.packages = new CarriedPackages(context);
    this.limit = limit;
  }

  /** The encoders that are in quarantine now: what was ill before is no fault of a newcomer. */
  Set<String> quarantined() {
    Set<String> names = new HashSet<>();
    encoders(status -> status.state() == EncoderStatus.State.QUARANTINED)
        .forEach(status -> names.add(name(status)));
    return names;
  }

  /**
   * Waits for services that a bundle offers in another's place, for the model packages that it
   * carries, and for the encoders that they or its own services make.
   *
   * @param before what {@link #quarantined} answered before the bundle was started
   * @param services types that it must offer now
   * @throws BundleException if one of them is refused, or the time is over
   */
  void await(Bundle bundle, Set<String> before, Set<String> services) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    awaitServices(bundle, services, deadlineNanos);
    requireEncodersToActivate(bundle);
    List<Carried> carried = packages.await(bundle, deadlineNanos);
    awaitEncoders(bundle, carried, before, deadlineNanos);
  }

  private void awaitServices(Bundle bundle, Set<String> services, long deadlineNanos) {
    while (true) {
      Set<String> missing = new HashSet<>(services);
      SwapChoice.registeredTypes(bundle).forEach(missing::remove);
      if (missing.isEmpty()) {
        return;
      }
      pause(deadlineNanos, () -> bundle.getSymbolicName() + " must offer " + missing);
    }
  }

  /** A component whose activation fails is registered, and nobody can get it. */
  private void requireEncodersToActivate(Bundle bundle) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    if (services == null) {
      return;
    }
    for (ServiceReference<?> service : services) {
      List<String> types = List.of((String[]) service.getProperty(Constants.OBJECTCLASS));
      if (types.contains(ModalityEncoder.class.getName())) {
        if (context.getService(service) == null) {
          throw new BundleException(
              "an encoder of %s cannot be activated (service %s); the log says why"
                  .formatted(bundle.getSymbolicName(), service.getProperty("component.name")));
        }
        context.ungetService(service);
      }
    }
  }

  private void awaitEncoders(
      Bundle bundle, List<Carried> carried, Set<String> before, long deadlineNanos) {
    while (true) {
      List<EncoderStatus> own = encoders(status -> isOf(status, bundle, carried)).toList();
      own.stream()
          .filter(status -> status.state() == EncoderStatus.State.QUARANTINED)
          .filter(status -> !before.contains(name(status)))
          .findFirst()
          .ifPresent(status -> refuse(bundle, status));
      List<String> starting =
          own.stream()
              .filter(status -> status.state() == EncoderStatus.State.STARTING)
              .map(Arrivals::name)
              .toList();
      if (starting.isEmpty()) {
        return;
      }
      pause(
          deadlineNanos,
          () ->
              "the encoders %s of %s must be ready".formatted(starting, bundle.getSymbolicName()));
    }
  }

  private static boolean isOf(EncoderStatus status, Bundle bundle, List<Carried> carried) {
    return status.bundleId() == bundle.getBundleId()
        || carried.contains(new Carried(status.model(), status.modelVersion()));
  }

  private static void refuse(Bundle bundle, EncoderStatus status) {
    throw new BundleException(
        "the encoder %s of %s was refused: %s"
            .formatted(name(status), bundle.getSymbolicName(), status.reason()));
  }

  private Stream<EncoderStatus> encoders(Predicate<EncoderStatus> which) {
    return Optional.ofNullable(context.getServiceReference(EmbeddingService.class))
        .map(context::getService)
        .map(service -> service.encoders().stream().filter(which))
        .orElse(Stream.empty());
  }

  private static String name(EncoderStatus status) {
    return status.modality() + "/" + status.model();
  }

  /** There is no event for everything that is awaited here; it takes tens of milliseconds. */
  private void pause(long deadlineNanos, Supplier<String> missing) {
    LockSupport.parkNanos(POLL_NANOS);
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new BundleException("interrupted: " + missing.get());
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw new BundleException("%s within %s".formatted(missing.get(), limit));
    }
  }
}
