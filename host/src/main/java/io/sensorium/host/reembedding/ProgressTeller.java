package io.sensorium.host.reembedding;

import io.sensorium.host.api.ReembeddingStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells a few times a second how far it is, from a thread of its own, until it is closed. */
final class ProgressTeller implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Thread teller;
  private volatile boolean over;

  ProgressTeller(Supplier<ReembeddingStatus> status, Consumer<ReembeddingStatus> progress) {
    teller =
        Thread.ofVirtual()
            .name("sensorium-reembedding-progress")
            .start(
                () -> {
                  while (!over) {
                    progress.accept(status.get());
                    LockSupport.parkNanos(PAUSE_NANOS);
                  }
                });
  }

  /** Returns when nothing more is told. */
  @Override
  public void close() {
    over = true;
    LockSupport.unpark(teller);
    try {
      teller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
