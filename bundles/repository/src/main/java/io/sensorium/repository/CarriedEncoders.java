package io.sensorium.repository;

import io.sensorium.api.encoder.ModalityEncoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The encoders that a bundle brings along with its packages. They are registered on the thread that
 * starts the bundle, while its packages come in on another one: without its encoder, a new package
 * would take the old one's place untested.
 */
final class CarriedEncoders {
  private static final String TYPE = ModalityEncoder.class.getName();
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final long POLL_NANOS = Duration.ofMillis(2).toNanos();

  private CarriedEncoders() {}

  /**
   * Waits until a bundle offers an encoder, if it says that it will; no longer than it is active,
   * and two seconds at most: what its component misses may come later or never.
   */
  static void await(Bundle bundle) {
    if (!declaresOne(bundle)) {
      return;
    }
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    while (!offersOne(bundle)
        && bundle.getState() == Bundle.ACTIVE
        && !Thread.currentThread().isInterrupted()
        && System.nanoTime() - deadlineNanos < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static boolean declaresOne(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null
        && revision.getDeclaredCapabilities("osgi.service").stream()
            .anyMatch(CarriedEncoders::isEncoder);
  }

  private static boolean isEncoder(BundleCapability capability) {
    return switch (capability.getAttributes().get(Constants.OBJECTCLASS)) {
      case Collection<?> several -> several.contains(TYPE);
      case null -> false;
      case Object one -> one.equals(TYPE);
    };
  }

  private static boolean offersOne(Bundle bundle) {
    ServiceReference<?>[] services;
    try {
      services = bundle.getRegisteredServices();
    } catch (IllegalStateException e) {
      // Uninstalled meanwhile.
      return true;
    }
    return services != null
        && Arrays.stream(services)
            .anyMatch(
                service ->
                    Arrays.asList((String[]) service.getProperty(Constants.OBJECTCLASS))
                        .contains(TYPE));
  }
}
