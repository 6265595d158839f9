package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.eventually;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.versionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two generations with room for one session, under load. */
class DrainAndSwapTest {
  private final Queue<LifecycleEvent> events = new ConcurrentLinkedQueue<>();

  private EngineFixture fixture(int budget, boolean planning) {
    EngineFixture fixture = new EngineFixture();
    fixture.listeners.add(events::add);
    fixture.runtime.budget = budget;
    fixture.runtime.planning = planning;
    return fixture;
  }

  @ParameterizedTest(name = "the ledger foresees it: {0}")
  @ValueSource(booleans = {true, false})
  void whatDoesNotFitBesideItsPredecessorTakesItsPlaceAfterItHasDrained(boolean foreseen) {
    try (EngineFixture fixture = fixture(1, foreseen)) {
      fixture.ready();
      try (Clients clients = new Clients(fixture, 3)) {
        clients.awaitAnswers(20);
        fixture.add(FakeModel.of(NUMBERS, "world", 2));
        fixture.awaitReady("2");
        clients.awaitAnswers(20);
      }
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(2);
      assertThat(fixture.onlyStatus().swap()).contains(Swap.DRAIN_AND_SWAP);
      assertThat(steps("1").getLast()).isEqualTo(Step.GONE);
      assertThat(event("1", Step.DRAIN).swap()).contains(Swap.DRAIN_AND_SWAP);
      assertThat(event("2", Step.READY).swap()).contains(Swap.DRAIN_AND_SWAP);
      assertThat(fixture.runtime.endedUnderALease).isEmpty();
    }
  }

  @Test
  void theOldOneIsOpenedAgainWhenTheNewOneFailsAfterwards() {
    try (EngineFixture fixture = fixture(1, true)) {
      fixture.ready();
      fixture.runtime.notNumbers.add("world-numbers 2");
      try (Clients clients = new Clients(fixture, 3)) {
        clients.awaitAnswers(20);
        fixture.add(FakeModel.of(NUMBERS, "world", 2));
        eventually(() -> states(fixture).equals(List.of(State.QUARANTINED, State.READY)));
        clients.awaitAnswers(20);
      }
      assertThat(versionOf(fixture.engine.embed(numbers("5"), soon()), 1)).isEqualTo(1);
      assertThat(steps("2")).endsWith(Step.WARM_UP, Step.QUARANTINED);
      assertThat(events.stream().filter(e -> is(e, "1") && e.step() == Step.READY)).hasSize(2);
    }
  }

  @Test
  void aNewcomerWhoseEncoderIsBrokenCostsTheOldOneNothing() {
    try (EngineFixture fixture = fixture(1, true)) {
      FakeEncoder working = new FakeEncoder();
      fixture.add(
          graph -> {
            if (graph.toString().endsWith("2")) {
              throw new ModelLoadException("unknown extractor");
            }
            return working.open(graph);
          },
          NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      try (Clients clients = new Clients(fixture, 2)) {
        fixture.add(FakeModel.of(NUMBERS, "world", 2));
        eventually(() -> states(fixture).equals(List.of(State.QUARANTINED, State.READY)));
        clients.awaitAnswers(10);
      }
      assertThat(working.opened).hasValue(1);
      assertThat(steps("1")).doesNotContain(Step.DRAIN);
    }
  }

  @Test
  void whatFitsIsReadyBeforeItsPredecessorGoes() {
    try (EngineFixture fixture = fixture(2, true)) {
      fixture.ready();
      try (Clients clients = new Clients(fixture, 2)) {
        fixture.add(FakeModel.of(NUMBERS, "world", 2));
        fixture.awaitReady("2");
        clients.awaitAnswers(10);
        eventually(() -> steps("1").contains(Step.GONE));
      }
      assertThat(fixture.onlyStatus().swap()).contains(Swap.BLUE_GREEN);
      List<String> order =
          events.stream()
              .filter(e -> e.step() == Step.READY || e.step() == Step.DRAIN)
              .map(e -> e.plugIn().version() + " " + e.step())
              .toList();
      assertThat(order).containsExactly("1 READY", "2 READY", "1 DRAIN");
    }
  }

  @Test
  void everyStepIsToldInItsOrderAndBeforeItsWork() {
    try (EngineFixture fixture = fixture(2, true)) {
      FakeEncoder encoder = new FakeEncoder();
      Queue<String> seen = new ConcurrentLinkedQueue<>();
      fixture.listeners.add(
          event -> {
            seen.add(
                "%s: %d leases, %d opened"
                    .formatted(
                        event.step(),
                        fixture.runtime.openLeases.get(),
                        encoder.opened.get() - encoder.closed.get()));
            throw new IllegalStateException("a listener that throws changes nothing");
          });
      long id = fixture.add(encoder, NUMBERS);
      fixture.add(FakeModel.of(NUMBERS, "world", 1));
      fixture.awaitReady("1");
      eventually(() -> steps("1").contains(Step.READY));
      fixture.engine.registry().removeEncoder(id);
      eventually(() -> steps("1").contains(Step.GONE));
      assertThat(seen)
          .containsExactly(
              "RESOLVE: 0 leases, 0 opened",
              "ADMIT: 0 leases, 0 opened",
              "LOAD: 1 leases, 0 opened",
              "SELF_TEST: 1 leases, 1 opened",
              "WARM_UP: 1 leases, 1 opened",
              "READY: 1 leases, 1 opened",
              "DRAIN: 1 leases, 1 opened",
              "CLOSE: 1 leases, 1 opened",
              "GONE: 0 leases, 0 opened");
      assertThat(events)
          .extracting(event -> event.plugIn().toString())
          .containsOnly("encoder numbers/world-numbers 1");
      assertThat(events).extracting(event -> event.plugIn().bundleId()).containsOnly(77L);
    }
  }

  private static List<State> states(EngineFixture fixture) {
    return fixture.engine.encoders().stream().map(EncoderStatus::state).toList();
  }

  private List<Step> steps(String version) {
    return events.stream().filter(e -> is(e, version)).map(LifecycleEvent::step).toList();
  }

  private LifecycleEvent event(String version, Step step) {
    Optional<LifecycleEvent> found =
        events.stream().filter(e -> is(e, version) && e.step() == step).findFirst();
    return found.orElseThrow();
  }

  private static boolean is(LifecycleEvent event, String version) {
    return event.plugIn().version().equals(version);
  }
}
