package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DeployTurnsTest {
  private final DeployTurns turns = new DeployTurns();

  @AfterEach
  void close() {
    turns.close();
  }

  @Test
  void whatIsAskedForOneFileHappensInOrderAndFailuresKeepNothingBack() throws Exception {
    List<Integer> done = new ArrayList<>();
    for (int number = 0; number < 101; number++) {
      int turn = number;
      turns.add(
          Path.of("a.jar"),
          () -> {
            done.add(turn);
            if (turn % 7 == 0) {
              throw new IllegalStateException("turn " + turn + " fails, as it shall");
            }
          });
    }
    turns.awaitIdle();
    assertThat(done).isEqualTo(IntStream.range(0, 101).boxed().toList());
  }

  @Test
  void filesThatHangKeepNoOtherWaiting() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    for (int file = 1; file < DeployTurns.AT_ONCE; file++) {
      turns.add(Path.of("hangs-%d.jar".formatted(file)), () -> await(hanging));
    }
    Semaphore others = new Semaphore(0);
    for (int file = 0; file < 21; file++) {
      turns.add(Path.of("good-%d.jar".formatted(file)), others::release);
    }
    others.acquire(21);
    hanging.countDown();
    turns.awaitIdle();
  }

  @Test
  void theEndInterruptsWhatIsBeingDoneAndDoesNoMore() throws Exception {
    Semaphore begun = new Semaphore(0);
    List<String> done = new ArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    turns.add(
        Path.of("a.jar"),
        () -> {
          begun.release();
          await(never);
          done.add("interrupted " + Thread.currentThread().isInterrupted());
        });
    turns.add(Path.of("a.jar"), () -> done.add("the next"));
    begun.acquire();
    turns.close();
    turns.add(Path.of("b.jar"), () -> done.add("too late"));
    assertThat(done).containsExactly("interrupted true");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
