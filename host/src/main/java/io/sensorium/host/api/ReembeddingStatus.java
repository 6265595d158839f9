package io.sensorium.host.api;

import java.util.List;
import java.util.Objects;

/**
 * How far the items of changed spaces have followed. Immutable.
 *
 * @param state what is being done now
 * @param changes one for each older version that still has items
 * @param moved items embedded again since the host started
 * @param removed items removed since the host started, as their files are gone
 * @param perSecond items embedded again a second, lately; 0 while nothing moves
 * @param remainingSeconds an estimate; 0 while unknown
 * @param kept items that could not be embedded again and stay where they are, at most a hundred
 * @param dropped versions taken out of service since the host started, {@code world@1} for instance
 */
public record ReembeddingStatus(
    State state,
    List<Change> changes,
    long moved,
    long removed,
    double perSecond,
    double remainingSeconds,
    List<Kept> kept,
    List<String> dropped) {
  public ReembeddingStatus {
    Objects.requireNonNull(state, "state");
    changes = List.copyOf(changes);
    kept = List.copyOf(kept);
    dropped = List.copyOf(dropped);
  }

  /** What is being done. */
  public enum State {
    /** Every item lives in the version it belongs to. */
    DONE,
    /** Items wait: for encoders of the new version, for a file, or for being asked. */
    WAITING,
    /** Items move. */
    RUNNING,
    /** Somebody has paused it. */
    PAUSED
  }

  /**
   * Items of one modality in an older version.
   *
   * @param from where they live, {@code world@1} for instance
   * @param to where they go; blank while no newer version takes them
   * @param modality of the items
   * @param items how many there are
   * @param waitingFor modalities that the newer version cannot read yet; empty if items may go
   */
  public record Change(
      String from, String to, String modality, long items, List<String> waitingFor) {
    public Change {
      waitingFor = List.copyOf(waitingFor);
    }
  }

  /**
   * An item that stays.
   *
   * @param id of the item
   * @param reason one line
   */
  public record Kept(String id, String reason) {}
}
