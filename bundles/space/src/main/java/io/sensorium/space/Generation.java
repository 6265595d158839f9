package io.sensorium.space;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a pair of encoder and package: STARTING, READY, DRAINING, gone; or QUARANTINED if it
 * would not open. Thread-safe.
 */
final class Generation {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

  private static final Duration PLUG_IN_GRACE = Duration.ofSeconds(1);

  /** Whether it answers, and why not where it is in quarantine. */
  private record Condition(State state, String reason) {
    private static final Condition STARTING = new Condition(State.STARTING, "");
    private static final Condition READY = new Condition(State.READY, "");
    private static final Condition DRAINING = new Condition(State.DRAINING, "");
  }

  private final Pair pair;
  private final PlugIn plugIn;
  private final EngineContext engine;
  private final AtomicReference<Condition> condition = new AtomicReference<>(Condition.STARTING);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile Step step = Step.RESOLVE;
  private volatile Optional<Swap> swap = Optional.empty();
  private volatile Optional<Serving> serving = Optional.empty();
  private volatile OptionalLong stepsDownNanos = OptionalLong.empty();
  private volatile boolean spent;
  private volatile Opening opening;
  private volatile Thread opener;

  Generation(Pair pair, EngineContext engine) {
    this.pair = pair;
    this.plugIn = pair.plugIn(engine.nextNumber());
    this.engine = engine;
  }

  /** Unique within the engine, growing with time. */
  long number() {
    return plugIn.generation();
  }

  Pair pair() {
    return pair;
  }

  State state() {
    return condition.get().state();
  }

  /** Why it is in quarantine; empty if it is not. */
  String reason() {
    return condition.get().reason();
  }

  /** The embedding's length; 0 or less if it is not known yet. */
  long dimension() {
    return serving.map(Serving::dimension).orElse((long) pair.graph().declaredDimension());
  }

  /** Completes when nothing of the encoder and the session is used any more. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  /** Completed by whoever knew it, when it is forgotten. */
  CompletableFuture<Void> left() {
    return left;
  }

  /** Completed by whoever has seen to its session after it was closed. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** Notes that it takes another's place, and how. */
  void replaces(Swap how) {
    swap = Optional.of(how);
  }

  /** Tells listeners that a step begins. Called without locks. */
  void tell(Step next, Optional<Swap> how) {
    engine.listeners().tell(new LifecycleEvent(plugIn, next, how, ""));
  }

  /**
   * Goes the way into service. Blocks; called once.
   *
   * @param admission the last word, when everything is open: answers whether the generation has
   *     become READY, or throws why it must not
   */
  void open(Opening way, Predicate<Generation> admission) {
    opening = way;
    opener = Thread.currentThread();
    boolean served = false;
    try {
      Serving opened = new Serving(this, engine, way.run(this::beginWhileStarting));
      serving = Optional.of(opened);
      served = isAdmitted(opened, admission);
      if (served) {
        tell(Step.READY, swap);
        LOG.info(
            "{} is ready on {}{}", this, opened.provider(), swap.map(how -> ", " + how).orElse(""));
      }
    } catch (Throwable e) {
      quarantine(SensoriumException.reasonOf(e), e);
    } finally {
      opener = null;
      boolean _ = Thread.interrupted();
      if (!served && state() == State.DRAINING) {
        closed.complete(null);
      }
    }
  }

  private void beginWhileStarting(Step next) {
    if (state() != State.STARTING) {
      throw new ServiceGoneException(this + " is given up");
    }
    step = next;
    tell(next, swap);
  }

  private boolean isAdmitted(Serving opened, Predicate<Generation> admission) {
    boolean admitted = false;
    try {
      admitted = admission.test(this);
      return admitted;
    } finally {
      if (!admitted) {
        opened.giveBack();
      }
    }
  }

  /** Begins to take items, unless it was given up meanwhile. */
  boolean becomeReady() {
    return condition.compareAndSet(Condition.STARTING, Condition.READY);
  }

  /**
   * Begins to serve only until another does: a half of its pair is leaving.
   *
   * @param untilNanos when it leaves even so, by {@link System#nanoTime}
   * @return whether it did not know yet
   */
  boolean stepDown(long untilNanos) {
    boolean isNew = stepsDownNanos.isEmpty();
    if (isNew) {
      stepsDownNanos = OptionalLong.of(untilNanos);
    }
    return isNew;
  }

  boolean stepsDown() {
    return stepsDownNanos.isPresent();
  }

  /** Answers whether it has been stepping down for as long as it may. */
  boolean isOverdue() {
    return stepsDown() && System.nanoTime() - stepsDownNanos.getAsLong() >= 0;
  }

  /**
   * Notes that it failed on an item.
   *
   * @return whether the item should look for another: who leaves may have let go of what it needs,
   *     and answers nothing more then
   */
  boolean hasLeftOn() {
    spent |= stepsDown();
    return spent || state() == State.DRAINING;
  }

  /** Answers whether requests may come. */
  boolean answers() {
    return state() == State.READY && !spent;
  }

  /** Lets the runtime ask for the session's memory. */
  void reclaimableBy(Reclaimable holder) {
    serving.orElseThrow().reclaimableBy(holder);
  }

  /** Takes the generation out of service before it has served, and says why. */
  private void quarantine(String why, Throwable cause) {
    if (condition.compareAndSet(Condition.STARTING, new Condition(State.QUARANTINED, why))) {
      LOG.error("{} is in quarantine, it failed in {}: {}", this, step, why, cause);
      engine.listeners().tell(new LifecycleEvent(plugIn, Step.QUARANTINED, swap, why));
    }
  }

  /** Quarantines a generation that hangs, takes its session away and asks its thread to end. */
  void giveUp(Duration patience) {
    quarantine(
        "it did not open within %s, it hangs in %s".formatted(patience, step),
        new TimeoutException());
    interruptOpening();
  }

  private void interruptOpening() {
    Opening way = opening;
    Thread thread = opener;
    if (way != null && thread != null) {
      way.abandon();
      thread.interrupt();
    }
  }

  /**
   * Takes an item if this generation is READY.
   *
   * @return false if it is not, or not any more
   * @throws ResourceExhaustedException if the queue is full
   */
  boolean offer(Item item) {
    return answers() && serving.orElseThrow().offer(item);
  }

  /** How long it has had nothing to do; zero while it works. */
  Duration idle() {
    return serving.map(Serving::idle).orElse(Duration.ZERO);
  }

  /**
   * Takes nothing new, finishes what was accepted until the deadline, then closes. Returns at once;
   * {@link #closed} tells the end. Idempotent.
   *
   * @param how its place is taken by another; empty if it is not
   */
  void drain(Optional<Swap> how) {
    if (state() == State.READY || state() == State.STARTING) {
      tell(Step.DRAIN, how);
    }
    Condition before = condition.getAndSet(Condition.DRAINING);
    switch (before.state()) {
      case READY ->
          Thread.ofPlatform()
              .daemon()
              .name("sensorium-space-drain-" + label())
              .start(this::finishAndClose);
      case QUARANTINED -> {
        interruptOpening();
        closed.complete(null);
      }
      case STARTING -> {
        // The opening thread finds out and completes the end, unless it hangs.
        interruptOpening();
        closed.completeOnTimeout(null, openingGrace().toNanos(), TimeUnit.NANOSECONDS);
      }
      case DRAINING, IDLE -> {
        // Somebody else's drain completes the end; what is idle has no generation.
      }
    }
  }

  /**
   * How long an interrupted opening is awaited. A session that is being opened ends by itself, and
   * natively; code of a plug-in that heeds no interruption holds nothing that is waited for.
   */
  private Duration openingGrace() {
    Duration patience = engine.settings().drainTimeout();
    boolean inPlugIn = step == Step.LOAD || step == Step.SELF_TEST;
    return inPlugIn && patience.compareTo(PLUG_IN_GRACE) > 0 ? PLUG_IN_GRACE : patience;
  }

  private void finishAndClose() {
    Duration patience = engine.settings().drainTimeout();
    serving.orElseThrow().finish(patience);
    tell(Step.CLOSE, Optional.empty());
    // A plug-in that hangs while it closes holds up nobody: its session is closed before.
    Thread closing = Thread.currentThread();
    CompletableFuture<Void> hanging =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS);
    var _ =
        hanging.thenRun(
            () -> {
              closing.interrupt();
              closed.complete(null);
            });
    serving.orElseThrow().giveBack();
    hanging.cancel(false);
    closed.complete(null);
  }

  /** How it stands now. */
  EncoderStatus status() {
    Condition now = condition.get();
    ModelManifest model = pair.graph().model();
    return new EncoderStatus(
        pair.place().modality(),
        pair.place().space(),
        (int) Math.max(0, dimension()),
        model.id(),
        model.version(),
        now.state(),
        serving.map(Serving::provider).orElse(""),
        serving.map(Serving::requests).orElse(0L),
        serving.map(Serving::meanBatch).orElse(0.0),
        stepOf(now.state()),
        swap,
        now.reason(),
        plugIn.bundleId());
  }

  private Step stepOf(State now) {
    return switch (now) {
      case READY -> Step.READY;
      case DRAINING -> Step.DRAIN;
      case STARTING, QUARANTINED, IDLE -> step;
    };
  }

  /** For instance {@code image-world-image}. */
  String label() {
    return pair.place().modality() + "-" + pair.graph().model().id();
  }

  /** For instance {@code image in world@1 by world-image 1}. */
  @Override
  public String toString() {
    return pair.toString();
  }
}
