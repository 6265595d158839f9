package io.sensorium.runtime.onnx;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Asks holders to leave that have been idle for long. Thread-safe; close is idempotent. */
final class IdleReclaim implements AutoCloseable {
  private static final long LONGEST_PERIOD_MILLIS = 10_000;
  private static final int LOOKS = 4;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sensorium-memory").factory());
  private final Optional<ScheduledFuture<?>> looking;

  /**
   * @param idle after how long; zero for never
   */
  IdleReclaim(DeviceLedger ledger, Duration idle) {
    this.looking = idle.isPositive() ? Optional.of(start(ledger, idle)) : Optional.empty();
  }

  private ScheduledFuture<?> start(DeviceLedger ledger, Duration idle) {
    long millis = Math.clamp(idle.toMillis() / LOOKS, 1, LONGEST_PERIOD_MILLIS);
    return executor.scheduleWithFixedDelay(
        () -> ledger.reclaimIdle(idle), millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    looking.ifPresent(look -> look.cancel(false));
    executor.shutdown();
  }
}
