package io.sensorium.runtime.onnx;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One device's reservations, in the order in which they were made. Guarded by the ledger's lock.
 */
final class LedgerAccount implements Comparable<LedgerAccount> {
  private static final Comparator<LedgerAccount> ORDER =
      Comparator.comparing((LedgerAccount account) -> account.device.cuda())
          .thenComparingInt(account -> account.device.index());

  private final Device device;
  private final long budget;
  private final Set<DeviceLedger.Held> holders = new LinkedHashSet<>();
  private Admission turn;
  private long promised;

  LedgerAccount(Device device, long budget) {
    this.device = device;
    this.budget = budget;
  }

  Device device() {
    return device;
  }

  long budget() {
    return budget;
  }

  long sum() {
    return holders.stream().mapToLong(DeviceLedger.Held::bytes).sum();
  }

  /** Negative where more was measured than there should be. */
  long free() {
    return budget - sum();
  }

  List<DeviceLedger.Held> holders() {
    return List.copyOf(holders);
  }

  boolean holds(DeviceLedger.Held holder) {
    return holders.contains(holder);
  }

  void add(DeviceLedger.Held holder) {
    holders.add(holder);
  }

  void remove(DeviceLedger.Held holder) {
    holders.remove(holder);
  }

  /**
   * Gives an admission the turn.
   *
   * @return false while another has it
   */
  boolean promise(Admission admission, long bytes) {
    if (turn != null && turn != admission) {
      return false;
    }
    turn = admission;
    promised = bytes;
    return true;
  }

  void keepPromise(Admission admission) {
    if (turn == admission) {
      turn = null;
      promised = 0;
    }
  }

  long promisedToOthers(Admission admission) {
    return turn == admission ? 0 : promised;
  }

  @Override
  public int compareTo(LedgerAccount other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return device.hashCode();
  }
}
