package io.sensorium.host.launch;

import io.sensorium.api.model.ModelRepository;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Waits until the model packages that are on their way were checked. A configuration that comes in
 * puts another repository in the place of the one that is there, which settles no more then:
 * whoever waits looks again and again for the one that is there. Thread-safe.
 */
public final class SettledModels {
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(500).toNanos();
  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  private final Supplier<Optional<ModelRepository>> present;

  /**
   * @param present answers the repository that is there now; empty while there is none
   */
  public SettledModels(Supplier<Optional<ModelRepository>> present) {
    this.present = present;
  }

  /** Of the repositories that bundles of a framework offer. */
  public static SettledModels in(BundleContext context) {
    return new SettledModels(
        () -> {
          ServiceReference<ModelRepository> reference =
              context.getServiceReference(ModelRepository.class);
          return Optional.ofNullable(reference).map(context::getService);
        });
  }

  /**
   * Waits, for a repository as well where there is none.
   *
   * @param deadlineNanos of {@link System#nanoTime}
   * @return the repository that has settled
   * @throws TimeoutException if the time is over; its message says what was waited for
   * @throws ExecutionException if the packages cannot be checked
   */
  public ModelRepository await(long deadlineNanos)
      throws TimeoutException, ExecutionException, InterruptedException {
    while (true) {
      Optional<ModelRepository> repository = present.get();
      if (repository.isPresent() && settles(repository.get(), deadlineNanos)) {
        return repository.get();
      }
      if (deadlineNanos - System.nanoTime() <= 0) {
        throw new TimeoutException(
            repository.isPresent()
                ? "checking the model packages takes longer than allowed"
                : "no active bundle offers a ModelRepository");
      }
      LockSupport.parkNanos(POLL_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static boolean settles(ModelRepository repository, long deadlineNanos)
      throws ExecutionException, InterruptedException {
    try {
      long left = Math.max(1, deadlineNanos - System.nanoTime());
      repository.settled().get(Math.min(left, LOOK_AGAIN_NANOS), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | RejectedExecutionException e) {
      // It still checks, or it is going and takes no more work.
      return false;
    }
  }
}
