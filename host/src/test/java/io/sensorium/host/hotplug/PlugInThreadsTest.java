package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.host.hotplug.PlugInThreads.FailedException;
import io.sensorium.host.hotplug.PlugInThreads.HangsException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PlugInThreadsTest {
  private static final Duration LIMIT = Duration.ofMillis(50);

  private final PlugInThreads threads = new PlugInThreads();

  @Test
  void whoCleansUpAfterWhatHungIsNotInterrupted() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    HangsException hangs = null;
    try {
      threads.run("stubborn", LIMIT, () -> awaitHeedless(release));
    } catch (HangsException e) {
      hangs = e;
    }
    assertThat(hangs).isNotNull();
    assertThat(threads.anyHangs()).isTrue();

    var _ =
        hangs
            .end()
            .whenComplete(
                (nothing, failure) -> interrupted.complete(Thread.currentThread().isInterrupted()));
    release.countDown();

    assertThat(interrupted.get(1, TimeUnit.MINUTES)).isFalse();
    // Who waits for the end hears of it in no particular order.
    while (threads.anyHangs()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatEndsWhenItIsInterruptedHasFailed() {
    CountDownLatch never = new CountDownLatch(1);
    assertThatThrownBy(() -> threads.run("patient", LIMIT, never::await))
        .isInstanceOf(FailedException.class)
        .hasMessage("patient took longer than 50 ms");
    assertThat(threads.anyHangs()).isFalse();
  }

  private static void awaitHeedless(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
