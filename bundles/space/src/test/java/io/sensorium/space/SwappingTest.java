package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.eventually;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.versionOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import io.sensorium.space.EngineFixture.Gate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SwappingTest {
  @Test
  void aNewerPackageTakesOverOnceItIsReadyAndTheOldOneIsGivenBack() {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder encoder = fixture.ready();
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      fixture.add(FakeModel.of(NUMBERS, "world", 2));
      fixture.awaitReady("2");
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(2);
      eventually(() -> fixture.engine.encoders().size() == 1);
      assertThat(encoder.closed).hasValue(1);
      eventually(() -> fixture.runtime.retired.contains("world-numbers 1"));
      assertThat(fixture.runtime.openLeases).hasValue(1);
    }
  }

  @Test
  void workInProgressIsFinishedByTheGenerationThatTookIt() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      Gate gate = new Gate();
      fixture.runtime.beforeRun = gate;
      CompletableFuture<Embedding> running = fixture.submit("5");
      gate.awaitEntered();
      CompletableFuture<Embedding> queued = fixture.submit("6");
      fixture.runtime.beforeRun = () -> {};
      fixture.add(FakeModel.of(NUMBERS, "world", 2));
      fixture.awaitReady("2");
      eventually(
          () ->
              fixture.engine.encoders().stream()
                  .map(EncoderStatus::state)
                  .toList()
                  .equals(List.of(EncoderStatus.State.READY, EncoderStatus.State.DRAINING)));
      gate.open.countDown();
      assertThat(versionOf(running.join(), 1)).isEqualTo(1);
      assertThat(versionOf(queued.join(), 1)).isEqualTo(1);
    }
  }

  @Test
  void aGraphServesWhileItsRuntimeIsThereAndDrainsWhenItGoes() {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder encoder = new FakeEncoder();
      fixture.add(encoder, NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1, "other", Map.of()));
      assertThat(fixture.engine.encoders()).isEmpty();
      assertThat(encoder.opened).hasValue(0);
      fixture.engine.registry().addRuntime(1_001, "other");
      fixture.awaitReady("1");
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      fixture.engine.registry().removeRuntime(1_001);
      assertThat(encoder.closed).hasValue(1);
      assertThat(fixture.runtime.openLeases).hasValue(0);
      eventually(() -> fixture.runtime.retired.contains("world-numbers 1"));
      assertThat(fixture.engine.encoders()).isEmpty();
    }
  }

  @Test
  void aPackageThatDoesNotOpenIsQuarantinedAndTheOlderOneServesOn() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      fixture.runtime.broken.add("world-numbers 2");
      long damaged = fixture.add(FakeModel.of(NUMBERS, "world", 2));
      eventually(
          () -> fixture.engine.encoders().getFirst().state() == EncoderStatus.State.QUARANTINED);
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      assertThat(fixture.engine.registry().snapshot().inventory())
          .contains("QUARANTINED: damaged: world-numbers 2");
      fixture.engine.registry().removePackage(damaged);
      assertThat(fixture.engine.encoders()).hasSize(1);
    }
  }

  @Test
  void anEncoderThatRefusesAPackageGivesNothingToLeak() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.add(
          model -> {
            throw new ModelLoadException("unknown extractor");
          },
          NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      eventually(() -> fixture.onlyStatus().state() == EncoderStatus.State.QUARANTINED);
      assertThatThrownBy(() -> fixture.engine.embed(numbers("5"), soon()))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("unknown extractor");
      assertThat(fixture.runtime.openLeases).hasValue(0);
    }
  }

  private static ModelKey key(String version) {
    return new ModelKey("world-numbers", version, Optional.of(new SpaceId("world", "1")));
  }

  @Test
  void aPackageThatComesBeforeItsEncoderWaitsForIt() {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder old = new FakeEncoder();
      fixture.add(old, NUMBERS, Set.of(key("1")));
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      fixture.add(FakeModel.of(NUMBERS, "world", 2));
      assertThat(fixture.engine.encoders()).hasSize(1);
      fixture.add(new FakeEncoder(), NUMBERS, Set.of(key("2")));
      fixture.awaitReady("2");
      assertThat(old.opened).hasValue(1);
    }
  }

  @Test
  void encodersAndPackagesOfOneBundleAreNeverPairedWithThoseOfAnother() {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder old = new FakeEncoder();
      FakeEncoder updated = new FakeEncoder();
      long oldId = fixture.add(old, NUMBERS, Set.of(key("1")));
      long oldModel = fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      fixture.add(updated, NUMBERS, Set.of(key("2")));
      assertThat(fixture.engine.encoders()).as("its package is still to come").hasSize(1);
      fixture.add(FakeModel.of(NUMBERS, "world", 2));
      fixture.awaitReady("2");
      fixture.engine.registry().removeEncoder(oldId);
      assertThat(fixture.engine.encoders()).as("the old package waits for nobody").hasSize(1);
      fixture.engine.registry().removePackage(oldModel);
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(2);
      assertThat(old.opened).hasValue(1);
      assertThat(updated.opened).hasValue(1);
    }
  }

  @Test
  void requestsWaitForAnEncoderThatIsBeingUpdated() {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder old = new FakeEncoder();
      long oldId = fixture.add(old, NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      fixture.engine.registry().removeEncoder(oldId);
      assertThat(old.closed).hasValue(1);
      CompletableFuture<Embedding> waiting = fixture.submit("5");
      assertThat(waiting).isNotDone();
      fixture.add(new FakeEncoder(), NUMBERS);
      assertThat(versionOf(waiting.join(), 1)).isEqualTo(1);
      assertThat(fixture.runtime.retired).as("the session outlives its encoder").isEmpty();
    }
  }

  @Test
  void requestsThatComeRightAfterAStartWaitForTheirEncoder() {
    try (EngineFixture fixture = new EngineFixture()) {
      CompletableFuture<Embedding> waiting = fixture.submit("5");
      fixture.add(new FakeEncoder(), NUMBERS);
      assertThat(waiting).as("its package is still to come").isNotDone();
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      assertThat(versionOf(waiting.join(), 1)).isEqualTo(1);
    }
  }

  @Test
  void requestsForAnEncoderThatDoesNotComeAfterAStartFailWhenTheGraceIsOver() {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      assertThatThrownBy(() -> fixture.engine.embed(numbers("5"), soon()))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("no encoder for numbers in space 'world'; nothing is installed");
    }
  }

  @Test
  void requestsForAnEncoderThatDoesNotComeBackFailWhenTheGraceIsOver() {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      long id = fixture.add(new FakeEncoder(), NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      fixture.engine.registry().removeEncoder(id);
      assertThatThrownBy(() -> fixture.engine.embed(numbers("5"), soon()))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("no encoder for numbers in space 'world'; nothing is installed");
    }
  }

  @Test
  void anEncoderThatHangsWhileItOpensDoesNotHoldUpTheOneThatServes() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      Gate gate = new Gate();
      FakeEncoder hanging = new FakeEncoder();
      fixture.add(
          model -> {
            gate.run();
            return hanging.open(model);
          },
          NUMBERS);
      gate.awaitEntered();
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      gate.open.countDown();
      eventually(() -> hanging.opened.get() == 1);
    }
  }

  @Test
  void theNewestPackageLeavesAndTheOlderOneComesBack() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      long newer = fixture.add(FakeModel.of(NUMBERS, "world", 2));
      fixture.awaitReady("2");
      eventually(() -> fixture.engine.encoders().size() == 1);
      fixture.engine.registry().removePackage(newer);
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
    }
  }

  @Test
  void whoLeavesServesUntilTheOlderOneThatStepsInIsReady() throws InterruptedException {
    try (EngineFixture fixture = new EngineFixture()) {
      Leaving leaving = new Leaving(fixture, new FakeEncoder());
      leaving.begin();
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(2);
      assertThat(leaving.thread.isAlive()).as("nobody has stepped in").isTrue();
      leaving.olderOpens.open.countDown();
      leaving.thread.join();
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      assertThat(fixture.onlyStatus().modelVersion()).isEqualTo("1");
    }
  }

  @Test
  void requestsOfAnEncoderThatFailsWhileItLeavesWaitForTheOneThatStepsIn()
      throws InterruptedException {
    try (EngineFixture fixture = new EngineFixture()) {
      FakeEncoder newer = new FakeEncoder();
      Leaving leaving = new Leaving(fixture, newer);
      leaving.begin();
      newer.beforePrepare =
          () -> {
            throw new IllegalStateException("its resources are closed");
          };
      CompletableFuture<Embedding> first = fixture.submit("5");
      CompletableFuture<Embedding> second = fixture.submit("6");
      leaving.olderOpens.open.countDown();
      assertThat(versionOf(first.join(), 1)).isEqualTo(1);
      assertThat(versionOf(second.join(), 1)).isEqualTo(1);
      leaving.thread.join();
    }
  }

  @Test
  void whoLeavesGoesWhenTheGraceIsOverAlthoughNobodyIsReady() throws InterruptedException {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      Leaving leaving = new Leaving(fixture, new FakeEncoder());
      leaving.begin();
      leaving.thread.join();
      CompletableFuture<Embedding> waiting = fixture.submit("5");
      assertThat(waiting).isNotDone();
      leaving.olderOpens.open.countDown();
      assertThat(versionOf(waiting.join(), 1)).isEqualTo(1);
    }
  }

  @Test
  void nobodyIsWaitedForWhenEverybodyLeaves() throws InterruptedException {
    try (EngineFixture fixture = new EngineFixture()) {
      Leaving leaving = new Leaving(fixture, new FakeEncoder());
      fixture.engine.registry().endHandingOver();
      leaving.begin();
      assertThat(leaving.thread.join(EngineFixture.PATIENCE.dividedBy(2)))
          .as("before the grace is over")
          .isTrue();
      assertThat(fixture.onlyStatus().modelVersion()).isEqualTo("1");
      leaving.olderOpens.open.countDown();
    }
  }

  /**
   * An encoder with version 2 of a package that is removed on a thread of its own, and an older
   * one, which waits while it opens to step in.
   */
  private static final class Leaving {
    final Gate olderOpens = new Gate();
    final long newer;
    final Thread thread;

    Leaving(EngineFixture fixture, FakeEncoder encoder) {
      AtomicInteger opened = new AtomicInteger();
      FakeEncoder older = new FakeEncoder();
      fixture.add(
          model -> {
            if (opened.getAndIncrement() > 0) {
              olderOpens.run();
            }
            return older.open(model);
          },
          NUMBERS,
          Set.of(key("1")));
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      newer = fixture.add(encoder, NUMBERS, Set.of(key("2")));
      fixture.add(FakeModel.of(NUMBERS, "world", 2));
      fixture.awaitReady("2");
      eventually(() -> fixture.engine.encoders().size() == 1);
      thread = new Thread(() -> fixture.engine.registry().removeEncoder(newer));
    }

    /** Returns when the older one opens. */
    void begin() {
      thread.start();
      olderOpens.awaitEntered();
    }
  }

  @Test
  void closingGivesEverythingBack() {
    EngineFixture fixture = new EngineFixture();
    FakeEncoder encoder = fixture.ready();
    fixture.engine.embed(numbers("5"), soon());
    fixture.close();
    assertThat(fixture.runtime.openLeases).hasValue(0);
    assertThat(encoder.closed).hasValue(encoder.opened.get());
    assertThatThrownBy(() -> fixture.engine.embed(numbers("5"), soon()))
        .isInstanceOf(ServiceGoneException.class);
  }
}
