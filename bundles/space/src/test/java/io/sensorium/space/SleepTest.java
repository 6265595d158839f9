package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.eventually;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.versionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.space.EngineFixture.Gate;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Encoders that give their memory back when they are asked, and wake for the next request. */
class SleepTest {
  private static final int NAPS = 50;

  @Test
  void anIdleEncoderGivesItsSessionBackAndWakesForTheNextRequest() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      Reclaimable holder = fixture.runtime.holders.getFirst();
      eventually(() -> holder.idle().isPositive());
      assertThat(holder.reclaim()).isTrue();
      eventually(() -> fixture.runtime.retired.contains("world-numbers 1"));
      assertThat(fixture.runtime.openLeases).hasValue(0);
      assertThat(fixture.onlyStatus().state()).isEqualTo(State.IDLE);
      assertThat(holder.reclaim()).as("it has nothing any more").isFalse();
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      assertThat(fixture.onlyStatus().state()).isEqualTo(State.READY);
    }
  }

  @Test
  void oneThatWorksIsNotPutToSleep() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      Reclaimable holder = fixture.runtime.holders.getFirst();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      CompletableFuture<?> running = fixture.submit("5");
      gate.awaitEntered();
      assertThat(holder.idle()).isZero();
      assertThat(holder.reclaim()).isFalse();
      gate.open.countDown();
      assertThat(running.join()).isNotNull();
      assertThat(fixture.onlyStatus().state()).isEqualTo(State.READY);
    }
  }

  @Test
  void theDefaultSpaceIsAskedAfterOthers() {
    Modality words = new Modality("words");
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      int preferred = fixture.runtime.holders.getFirst().priority();
      fixture.add(new FakeEncoder(), words);
      fixture.add(FakeModel.of(words, "other", 1));
      fixture.engine.embed(EncodeRequest.of(words, MediaInput.ofText("5")).in("other"), soon());
      assertThat(fixture.runtime.holders.getLast().priority()).isLessThan(preferred);
    }
  }

  @Test
  void aNewcomerIsTriedAtOnceAlthoughItsPredecessorSleeps() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      Reclaimable holder = fixture.runtime.holders.getFirst();
      eventually(holder::reclaim);
      fixture.add(FakeModel.of(NUMBERS, "world", 2));
      fixture.awaitReady("2");
    }
  }

  @Test
  void noRequestIsLostBetweenSleepAndArrival() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      int slept = 0;
      long end = System.nanoTime() + EngineFixture.PATIENCE.toNanos();
      try (Clients clients = new Clients(fixture, 3)) {
        while (slept < NAPS) {
          assertThat(System.nanoTime()).as("it is put to sleep between requests").isLessThan(end);
          int before = slept;
          for (Reclaimable holder : fixture.runtime.holders) {
            slept += holder.reclaim() ? 1 : 0;
          }
          clients.awaitAnswers(slept > before ? 1 : 3);
        }
      }
      assertThat(fixture.runtime.endedUnderALease).isEmpty();
      eventually(() -> fixture.runtime.openLeases.get() <= 1);
    }
  }
}
