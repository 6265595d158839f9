package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.InferenceException;
import io.sensorium.api.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunWatchTest {
  private static final int RUNS = 7;

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final RunWatch watch = new RunWatch(executor);

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  @Test
  void runsThatCannotBeToldToEndKeepNoOthersRunning() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(RUNS);
    RequestContext over = RequestContext.within(Duration.ofMinutes(1));
    List<WatchedRun> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(
          watch.begin(
              this,
              over,
              () -> {
                throw new InferenceException("it cannot be terminated");
              }));
      runs.add(watch.begin(this, over, told::countDown));
    }
    over.cancel();
    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    runs.forEach(watch::end);
  }

  @Test
  void aRunThatCannotBeWatchedIsForgotten() {
    executor.shutdownNow();
    AtomicInteger told = new AtomicInteger();
    RequestContext context = RequestContext.within(Duration.ofMinutes(1));
    assertThatThrownBy(() -> watch.begin(this, context, told::incrementAndGet))
        .isInstanceOf(IllegalStateException.class);
    watch.terminate(this);
    assertThat(told).hasValue(0);
  }
}
