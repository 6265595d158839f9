package io.sensorium.space;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.EncoderStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pairs encoders with graphs and keeps the newest pair of each place serving. Thread-safe;
 * publishes one immutable snapshot.
 *
 * <p>A pair that loses a half serves on, as long as its encoder is not let go of, until an older
 * pair has opened in its place.
 *
 * <p>One lock guards the roster. Opening, draining and listeners run outside it, each opening and
 * draining on a thread of its own, so that a plug-in that hangs holds up nobody else.
 */
final class EncoderRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderRegistry.class);

  private final InferenceRuntime runtime;
  private final MemoryLedger ledger;
  private final EngineContext engine;
  private final ScheduledExecutorService scheduler;
  private final Runnable onChange;

  private final Object lock = new Object();
  // Both guarded by the lock.
  private final Roster roster;
  private final Retirements retirements = new Retirements();

  private volatile Snapshot snapshot = Snapshot.EMPTY;

  /**
   * @param defaultSpace whose encoders are opened at once; others wait until they are asked for
   * @param onChange called without locks whenever the snapshot has changed
   */
  EncoderRegistry(
      InferenceRuntime runtime,
      MemoryLedger ledger,
      EngineContext engine,
      ScheduledExecutorService scheduler,
      String defaultSpace,
      Runnable onChange) {
    this.runtime = runtime;
    this.ledger = ledger;
    this.engine = engine;
    this.scheduler = scheduler;
    this.roster = new Roster(engine, new Wakefulness(defaultSpace));
    this.onChange = onChange;
    var _ =
        scheduler.schedule(
            () -> publish(Roster::endArrivals),
            engine.settings().swapGrace().toNanos(),
            NANOSECONDS);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void add(EncoderEntry encoder) {
    change(
        roster -> {
          roster.inventory().add(encoder);
          roster.inventory().places().stream()
              .filter(place -> place.modality().equals(encoder.modality()))
              .forEach(roster.wakefulness()::rouse);
        });
  }

  /**
   * @param graphs of one package, at least one
   */
  void add(List<GraphEntry> graphs) {
    change(
        roster -> {
          roster.inventory().add(graphs);
          graphs.forEach(graph -> roster.wakefulness().rouse(graph.place()));
        });
  }

  /** Graphs of that runtime can be run from now on. */
  void addRuntime(long serviceId, String name) {
    change(roster -> roster.inventory().addRuntime(serviceId, name));
  }

  /** Notes that everybody leaves now: nobody is opened to take a place for a moment. */
  void endHandingOver() {
    publish(Roster::endHandingOver);
  }

  /** Returns when nothing of the runtime is used any more, or at the drain deadline. */
  void removeRuntime(long serviceId) {
    change(roster -> roster.inventory().removeRuntime(serviceId));
    await(pair -> !pair.graph().graph().manifest().runtime().equals(GraphManifest.ONNX));
  }

  /** Returns when nothing of the encoder is used any more, or at the drain deadline. */
  void removeEncoder(long serviceId) {
    change(roster -> roster.inventory().removeEncoder(serviceId));
    await(pair -> pair.encoder().serviceId() == serviceId);
  }

  /** Returns when nothing of the package is used any more, or at the drain deadline. */
  void removePackage(long serviceId) {
    change(roster -> roster.inventory().removePackage(serviceId));
    await(pair -> pair.graph().serviceId() == serviceId);
  }

  /** Opens what is idle for a modality in a space; the snapshot knows when this returns. */
  void wake(Modality modality, String space) {
    change(
        roster ->
            roster.inventory().places().stream()
                .filter(place -> place.serves(modality, space))
                .forEach(roster.wakefulness()::wake));
  }

  @Override
  public void close() {
    change(roster -> roster.inventory().clear());
    await(pair -> true);
  }

  /**
   * Puts a generation to sleep: it gives its memory back, and the next request opens it again.
   *
   * @return false if it has work, or is leaving, or may have to step in for a newcomer that fails
   */
  boolean sleep(Generation generation) {
    synchronized (lock) {
      if (!roster.sleeps(generation)) {
        return false;
      }
      publish();
    }
    LOG.info("{} goes to sleep", generation);
    send(List.of(generation), Optional.empty());
    return true;
  }

  /** Changes the roster and sets everything in motion that follows. */
  private void change(Consumer<Roster> change) {
    Roster.Moves moves;
    synchronized (lock) {
      change.accept(roster);
      moves = roster.settle();
      publish();
    }
    long grace = engine.settings().swapGrace().toNanos();
    if (!moves.unpaired().isEmpty()) {
      var _ = scheduler.schedule(() -> publish(Roster::forgetDepartures), grace, NANOSECONDS);
    }
    if (!moves.stepping().isEmpty()) {
      var _ = scheduler.schedule(() -> change(unchanged -> {}), grace, NANOSECONDS);
    }
    moves.opening().forEach(generation -> generation.tell(Step.RESOLVE, Optional.empty()));
    send(moves.unpaired(), Optional.empty());
    send(moves.replaced(), Optional.of(Swap.BLUE_GREEN));
    moves.opening().forEach(this::open);
    onChange.run();
  }

  /** Changes what requests wait for. */
  private void publish(Consumer<Roster> change) {
    synchronized (lock) {
      change.accept(roster);
      publish();
    }
    onChange.run();
  }

  private void publish() {
    snapshot = roster.snapshot(snapshot.version() + 1);
  }

  private void open(Generation generation) {
    Pair pair = generation.pair();
    Duration patience = engine.settings().openTimeout();
    var timeout =
        scheduler.schedule(
            () -> {
              generation.giveUp(patience);
              change(unchanged -> {});
            },
            patience.toNanos(),
            NANOSECONDS);
    Opening way =
        new Opening(pair, runtime, RequestContext.within(patience), new OlderRoom(generation));
    Thread.ofPlatform()
        .daemon()
        .name("sensorium-space-open-" + pair.place().modality())
        .start(
            () -> {
              generation.open(way, this::admit);
              timeout.cancel(false);
              if (generation.state() == State.QUARANTINED) {
                retireUnused(pair.graph());
              }
              change(unchanged -> {});
            });
  }

  /** The last word before a generation serves: it must fit the space's other members. */
  private boolean admit(Generation newcomer) {
    Place place = newcomer.pair().place();
    boolean preferred;
    synchronized (lock) {
      Optional<Generation> other = roster.misfit(newcomer);
      if (other.isPresent()) {
        throw new ModelLoadException(
            "embeddings in %s must have %d components, as those of %s have; got %d from %s"
                .formatted(
                    place.space(),
                    other.get().dimension(),
                    other.get(),
                    newcomer.dimension(),
                    newcomer));
      }
      if (!newcomer.becomeReady()) {
        return false;
      }
      preferred = roster.wakefulness().isInDefaultSpace(place);
    }
    newcomer.reclaimableBy(new Sleeper(newcomer, this, preferred));
    return true;
  }

  /** Drains generations that are marked as leaving, and follows them to their end. */
  private void send(List<Generation> draining, Optional<Swap> how) {
    for (Generation generation : draining) {
      generation.drain(how);
      var _ =
          generation
              .closed()
              .thenRunAsync(() -> forget(generation), engine.answers())
              .thenRunAsync(() -> finish(generation), engine.answers());
    }
  }

  private void forget(Generation closed) {
    synchronized (lock) {
      roster.left(closed);
      publish();
    }
    closed.left().complete(null);
    onChange.run();
  }

  /** Closes the session of a generation that has left, unless the same graph goes on serving. */
  private void finish(Generation generation) {
    retireUnused(generation.pair().graph());
    generation.tell(Step.GONE, Optional.empty());
    generation.gone().complete(null);
  }

  private void retireUnused(GraphEntry graph) {
    synchronized (lock) {
      if (!roster.isUnused(graph)) {
        return;
      }
      retirements.begin(graph);
    }
    try {
      runtime.retire(graph.graph(), RequestContext.within(engine.settings().drainTimeout()));
    } catch (RuntimeException e) {
      LOG.warn("the session of {} cannot be closed", graph.graph(), e);
    } finally {
      CompletableFuture<Void> done;
      synchronized (lock) {
        done = retirements.end(graph);
      }
      done.complete(null);
    }
  }

  /** Waits until nothing of leaving pairs is used any more, whoever has sent them off. */
  private void await(Predicate<Pair> which) {
    CompletableFuture<Void> left;
    synchronized (lock) {
      left = roster.leaving(which, Generation::left);
    }
    try {
      EngineSettings settings = engine.settings();
      Duration patience = settings.swapGrace().plus(settings.drainTimeout()).plusSeconds(1);
      left.get(patience.toNanos(), NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("gave up waiting for encoders that leave: {}", snapshot.inventory());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The memory that older generations of a newcomer's place hold. */
  private final class OlderRoom implements Room {
    private final Generation newcomer;
    private final Place place;

    private OlderRoom(Generation newcomer) {
      this.newcomer = newcomer;
      this.place = newcomer.pair().place();
    }

    @Override
    public void awaitRetired() throws InterruptedException {
      CompletableFuture<Void> retired;
      synchronized (lock) {
        retired = retirements.of(newcomer.pair().graph());
      }
      awaitEnd(retired);
    }

    @Override
    public boolean isShort() {
      List<ModelGraph> older;
      synchronized (lock) {
        older = roster.serving(place).map(each -> each.pair().graph().graph()).toList();
      }
      return !older.isEmpty()
          && ledger
              .plan(List.of(newcomer.pair().graph().graph()), older)
              .swap()
              .equals(Optional.of(Swap.DRAIN_AND_SWAP));
    }

    @Override
    public boolean isHeldByOlder() {
      synchronized (lock) {
        return roster.serving(place).findAny().isPresent() || roster.isLeft(place);
      }
    }

    @Override
    public void take() throws InterruptedException {
      newcomer.replaces(Swap.DRAIN_AND_SWAP);
      List<Generation> older;
      CompletableFuture<Void> gone;
      synchronized (lock) {
        older = roster.makeRoom(place);
        gone = roster.leaving(pair -> pair.place().equals(place), Generation::gone);
        publish();
      }
      LOG.info("{} does not fit beside what serves before it: drain and swap", newcomer);
      send(older, Optional.of(Swap.DRAIN_AND_SWAP));
      awaitEnd(gone);
    }

    private void awaitEnd(CompletableFuture<Void> end) throws InterruptedException {
      try {
        end.get(2 * engine.settings().drainTimeout().toNanos(), NANOSECONDS);
      } catch (TimeoutException | ExecutionException e) {
        LOG.warn("gave up waiting for older sessions of {}", place);
      }
    }
  }
}
