package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryHolding.State;
import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a holder stands at one moment. Immutable.
 *
 * @param held its share
 * @param share what it has
 * @param state whether it can be asked to leave
 * @param priority lower ones leave first
 * @param pinned whether it is never asked
 * @param idle for how long nothing was asked of it
 */
record Standing(
    DeviceLedger.Held held,
    DeviceLedger.Share share,
    State state,
    int priority,
    boolean pinned,
    Duration idle) {
  /** Who is asked first. */
  static final Comparator<Standing> ORDER =
      Comparator.comparingInt(Standing::priority)
          .thenComparing(Comparator.comparing(Standing::idle).reversed());

  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

  /** Asks the holder, without a lock. A holder that throws cannot be asked. */
  static Standing of(DeviceLedger.Held held, HolderPolicy policy) {
    DeviceLedger.Share share = held.share();
    String owner = held.request().owner();
    boolean pinned = policy.isPinned(owner);
    Optional<Reclaimable> holder = held.request().holder();
    int priority = policy.priority(owner).orElse(0);
    if (holder.isEmpty()) {
      return new Standing(held, share, State.FIXED, priority, pinned, Duration.ZERO);
    }
    try {
      priority = policy.priority(owner).orElseGet(holder.get()::priority);
      Duration idle = holder.get().idle();
      return new Standing(
          held, share, state(holder.get(), share.leaving(), pinned, idle), priority, pinned, idle);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} does not say whether it is idle", owner, e);
      return new Standing(held, share, State.FIXED, priority, pinned, Duration.ZERO);
    }
  }

  private static State state(Reclaimable holder, boolean leaving, boolean pinned, Duration idle) {
    boolean going = leaving;
    boolean fixed = pinned;
    if (holder instanceof SessionHolder session) {
      going |= session.isLeaving();
      fixed |= !session.canBeAsked();
    }
    if (going) {
      return State.LEAVING;
    }
    if (fixed) {
      return State.FIXED;
    }
    return idle.isPositive() ? State.IDLE : State.BUSY;
  }

  /** Bytes that it counts. */
  long bytes() {
    return share.reserved().total();
  }

  /** What the memory report says of it. */
  MemoryHolding holding() {
    return new MemoryHolding(
        held.request().owner(),
        state,
        held.request().planned(),
        share.reserved(),
        share.measured(),
        priority,
        pinned,
        idle);
  }

  /** Asks the holder to leave; a holder that throws will not. */
  boolean reclaim() {
    try {
      return held.request().holder().orElseThrow().reclaim();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} cannot be asked to leave", held.request().owner(), e);
      return false;
    }
  }
}
