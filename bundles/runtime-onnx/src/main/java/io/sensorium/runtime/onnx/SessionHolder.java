package io.sensorium.runtime.onnx;

import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everybody who leases one session, asked as one. A session that nobody leases can always be
 * closed. Thread-safe.
 */
final class SessionHolder implements Reclaimable {
  /**
   * Most leases that nobody can be asked for are short, those of self-tests for instance; one that
   * is kept for longer is not waited for.
   */
  private static final Duration SHORT_LEASE = Duration.ofSeconds(10);

  private final LeaseTable table;
  private final LeaseEntry entry;

  SessionHolder(LeaseTable table, LeaseEntry entry) {
    this.table = table;
    this.entry = entry;
  }

  private List<LeasedSession> leases() {
    return table.leases(entry);
  }

  /** Whether the session closes as soon as its leases are back. */
  boolean isLeaving() {
    return table.isLeaving(entry);
  }

  /** Whether every lease can be asked for, or will be back soon. */
  boolean canBeAsked() {
    return leases().stream()
        .allMatch(lease -> lease.holder().isPresent() || lease.age().compareTo(SHORT_LEASE) < 0);
  }

  /** The most important holder's. */
  @Override
  public int priority() {
    return leases().stream()
        .flatMap(lease -> lease.holder().stream())
        .mapToInt(Reclaimable::priority)
        .max()
        .orElse(0);
  }

  /** The busiest holder's. */
  @Override
  public Duration idle() {
    Duration least = null;
    for (LeasedSession lease : leases()) {
      Duration idle = lease.holder().map(Reclaimable::idle).orElse(Duration.ZERO);
      least = least == null || idle.compareTo(least) < 0 ? idle : least;
    }
    return Optional.ofNullable(least).orElseGet(() -> table.unused(entry));
  }

  @Override
  public boolean reclaim() {
    return table.reclaim(entry);
  }
}
