package io.sensorium.api.memory;

import java.time.Duration;
import java.util.Objects;

/**
 * What one owner holds. Immutable.
 *
 * @param owner for whom
 * @param state whether it could be asked to give it back
 * @param planned what was computed beforehand
 * @param reserved what counts against the budget
 * @param measured what it was seen to hold; a kind that was not measured is missing
 * @param priority lower ones give back first
 * @param pinned whether it is never asked
 * @param idle how long nothing has been asked of it; zero while it works or where it does not say
 */
public record MemoryHolding(
    String owner,
    State state,
    MemoryAmounts planned,
    MemoryAmounts reserved,
    MemoryAmounts measured,
    int priority,
    boolean pinned,
    Duration idle) {
  public MemoryHolding {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(planned, "planned");
    Objects.requireNonNull(reserved, "reserved");
    Objects.requireNonNull(measured, "measured");
    Objects.requireNonNull(idle, "idle");
  }

  /** How a holding stands. */
  public enum State {
    /** Works, and can be asked once it has finished. */
    BUSY,
    /** Could be asked now. */
    IDLE,
    /** Was asked, and is on its way out. */
    LEAVING,
    /** Cannot be asked: it is pinned, or nobody is there to be asked. */
    FIXED,
    /** Is shown alone: part of the Java heap, or memory that the system takes back by itself. */
    REPORTED
  }

  /** Something that is shown and counts against no budget. */
  public static MemoryHolding reported(String owner, MemoryKind kind, long bytes) {
    return new MemoryHolding(
        owner,
        State.REPORTED,
        MemoryAmounts.NONE,
        MemoryAmounts.NONE,
        MemoryAmounts.of(kind, bytes),
        0,
        false,
        Duration.ZERO);
  }
}
