package io.sensorium.host.reembedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ThrottleTest {
  private static final long LONG_NANOS = Duration.ofHours(1).toNanos();

  private final Foreground foreground = new Foreground();
  private final AtomicBoolean hurried = new AtomicBoolean();

  @Test
  void aQuarterOfTheTimeIsThreeTimesAsMuchRestAsWork() {
    long busyNanos = Duration.ofMillis(20).toNanos();
    long began = System.nanoTime();

    throttle(0.25).rest(2, busyNanos);

    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(3 * busyNanos);
  }

  @Test
  void allOfTheTimeIsNoRest() {
    throttle(1).rest(2, LONG_NANOS);
  }

  @Test
  void aHurryEndsTheRest() throws InterruptedException {
    Throttle throttle = throttle(0.5);
    Thread resting = Thread.ofPlatform().start(() -> throttle.rest(2, LONG_NANOS));
    assertThat(resting.join(Duration.ofMillis(50))).isFalse();

    hurried.set(true);

    resting.join();
    throttle.rest(2, LONG_NANOS);
  }

  @Test
  void requestsThatRunGoFirst() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch runs = new CountDownLatch(1);
    Thread request =
        Thread.ofPlatform()
            .start(
                () ->
                    foreground.run(
                        () -> {
                          runs.countDown();
                          return awaitQuietly(answered);
                        }));
    runs.await();
    Throttle throttle = throttle(1);
    Thread resting = Thread.ofPlatform().start(() -> throttle.rest(1, 1));
    assertThat(resting.join(Duration.ofMillis(100))).isFalse();

    answered.countDown();

    resting.join();
    request.join();
  }

  @Test
  void requestsWithoutEndHoldItUpForAWhileOnly() {
    foreground.run(
        () -> {
          throttle(1).rest(1, 1);
          return null;
        });
  }

  @Test
  void groupsAreAsLargeAsTheirTimeAllows() {
    Throttle throttle = throttle(1);
    assertThat(throttle.groupSize()).isEqualTo(2);

    throttle.rest(4, Duration.ofMillis(30).toNanos());
    assertThat(throttle.groupSize()).isEqualTo(8);

    throttle.rest(8, Duration.ofMillis(1).toNanos());
    assertThat(throttle.groupSize()).isEqualTo(16);

    throttle.rest(4, Duration.ofMillis(480).toNanos());
    assertThat(throttle.groupSize()).isEqualTo(1);

    hurried.set(true);
    assertThat(throttle.groupSize()).isEqualTo(16);
  }

  private Throttle throttle(double share) {
    return new Throttle(share, foreground, hurried::get);
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
