package io.sensorium.it.inside;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/** What a bundle finds in its framework. */
final class Inside {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long BETWEEN_LOOKS_NANOS = 10_000_000;

  private Inside() {}

  static BundleContext context() {
    return FrameworkUtil.getBundle(Inside.class).getBundleContext();
  }

  /** The best service of a type; waits for it. */
  static <T> T service(Class<T> type) {
    return service(type, "(objectClass=" + type.getName() + ")");
  }

  static <T> T service(Class<T> type, String condition) {
    try {
      Filter filter = FrameworkUtil.createFilter(condition);
      ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context(), filter, null);
      tracker.open();
      try {
        return type.cast(tracker.waitForService(PATIENCE.toMillis()));
      } finally {
        tracker.close();
      }
    } catch (InvalidSyntaxException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The embedding service, once every encoder of the default space answers. */
  static EmbeddingService readyEmbeddings() {
    EmbeddingService embeddings = service(EmbeddingService.class);
    await(
        "three encoders of the space world",
        () ->
            embeddings.encoders().stream()
                    .filter(encoder -> encoder.space().name().equals("world"))
                    .filter(encoder -> encoder.state() == EncoderStatus.State.READY)
                    .count()
                == 3);
    return embeddings;
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }
}
