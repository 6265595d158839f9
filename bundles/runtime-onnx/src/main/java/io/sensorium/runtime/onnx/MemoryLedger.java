package io.sensorium.runtime.onnx;

import io.sensorium.api.ResourceExhaustedException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;

/**
 * Who has reserved how much memory of which device. What does not fit is refused before anything is
 * allocated. Thread-safe: one lock guards the accounts, and nothing slow happens under it.
 */
final class MemoryLedger {
  private final ToLongFunction<Device> budgets;
  private final Object lock = new Object();
  private final Map<Device, Account> accounts = new HashMap<>();

  /**
   * @param budgets how many bytes may be reserved of a device; asked once each
   */
  MemoryLedger(ToLongFunction<Device> budgets) {
    this.budgets = budgets;
  }

  /** One device's reservations, in the order they were made. */
  private static final class Account {
    private final long budget;
    private final Map<Reservation, Long> reserved = new LinkedHashMap<>();

    private Account(long budget) {
      this.budget = budget;
    }

    private long sum() {
      return reserved.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Memory that a session may take until this is closed. Closing is idempotent. */
  final class Reservation implements AutoCloseable {
    private final Device device;
    private final String owner;

    private Reservation(Device device, String owner) {
      this.device = device;
      this.owner = owner;
    }

    @Override
    public void close() {
      synchronized (lock) {
        accounts.get(device).reserved.remove(this);
      }
    }
  }

  /**
   * Reserves memory.
   *
   * @param owner for whom, in messages
   * @throws ResourceExhaustedException with the figures, if it does not fit
   */
  Reservation reserve(Device device, String owner, MemoryNeed need) {
    Account account = account(device);
    Reservation reservation = new Reservation(device, owner);
    synchronized (lock) {
      long free = account.budget - account.sum();
      if (need.bytes() > free) {
        throw new ResourceExhaustedException(
            "model %s needs %s on %s; %s of the budget of %s are free%s"
                .formatted(
                    owner,
                    need,
                    device,
                    MemoryNeed.mebibytes(free),
                    MemoryNeed.mebibytes(account.budget),
                    holders(account)));
      }
      account.reserved.put(reservation, need.bytes());
    }
    return reservation;
  }

  private static String holders(Account account) {
    StringJoiner holders = new StringJoiner(", ", ": ", "").setEmptyValue("");
    account.reserved.forEach(
        (reservation, bytes) ->
            holders.add(reservation.owner + " has " + MemoryNeed.mebibytes(bytes)));
    return holders.toString();
  }

  /** Bytes that are reserved of a device now. */
  long reservedBytes(Device device) {
    Account account = account(device);
    synchronized (lock) {
      return account.sum();
    }
  }

  /** Bytes that may be reserved of a device. */
  long budgetBytes(Device device) {
    return account(device).budget;
  }

  private Account account(Device device) {
    synchronized (lock) {
      Account known = accounts.get(device);
      if (known != null) {
        return known;
      }
    }
    Account found = new Account(budgets.applyAsLong(device));
    synchronized (lock) {
      return accounts.computeIfAbsent(device, key -> found);
    }
  }
}
