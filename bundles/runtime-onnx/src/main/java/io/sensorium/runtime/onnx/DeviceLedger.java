package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.memory.DeviceMemory;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.memory.SwapPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Who has reserved how much memory of which device, and who leaves for whom. Thread-safe: one lock
 * guards the accounts; nothing slow happens under it, and holders are asked outside it.
 */
final class DeviceLedger {
  /** How often who waits looks whether a holder has become idle. */
  private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

  private final ToLongFunction<Device> budgets;
  private final HolderPolicy policy;
  private final Object lock = new Object();
  private final Map<Device, LedgerAccount> accounts = new HashMap<>();
  private long changes;

  /**
   * @param budgets how many bytes may be reserved of a device; asked once each
   * @param policy who is never asked to leave, and who is asked first
   */
  DeviceLedger(ToLongFunction<Device> budgets, HolderPolicy policy) {
    this.budgets = budgets;
    this.policy = policy;
  }

  /** One holder's share. Its state is guarded by the ledger's lock. */
  final class Held implements Reservation {
    private final LedgerAccount account;
    private final MemoryRequest request;
    private MemoryAmounts reserved = MemoryAmounts.NONE;
    private MemoryAmounts measured = MemoryAmounts.NONE;
    private boolean leaving;

    private Held(LedgerAccount account, MemoryRequest request) {
      this.account = account;
      this.request = request;
    }

    MemoryRequest request() {
      return request;
    }

    /** To be called with the lock. */
    long bytes() {
      return reserved.total();
    }

    /** What it has at this moment. */
    Share share() {
      synchronized (lock) {
        return new Share(reserved, measured, leaving);
      }
    }

    @Override
    public MemoryAmounts amounts() {
      return share().reserved();
    }

    @Override
    public void resize(MemoryKind kind, long bytes, RequestContext context) {
      synchronized (lock) {
        if (!account.holds(this)) {
          return;
        }
        if (bytes <= reserved.of(kind)) {
          count(kind, bytes);
          return;
        }
      }
      new Admission(DeviceLedger.this, this, context)
          .admit(
              () -> {
                synchronized (lock) {
                  return reserved.with(kind, bytes);
                }
              });
    }

    @Override
    public void measured(MemoryKind kind, long seen, long counted) {
      synchronized (lock) {
        if (account.holds(this)) {
          measured = measured.with(kind, seen);
          count(kind, counted);
        }
      }
    }

    private void count(MemoryKind kind, long bytes) {
      reserved = reserved.with(kind, bytes);
      changed();
    }

    @Override
    public void close() {
      synchronized (lock) {
        account.remove(this);
        changed();
      }
    }
  }

  /**
   * What a holder has at one moment.
   *
   * @param leaving whether it was asked to leave and is expected to
   */
  record Share(MemoryAmounts reserved, MemoryAmounts measured, boolean leaving) {}

  /** What the account looks like to somebody who needs more of it. */
  record View(long budget, long free, List<Standing> standings) {}

  /**
   * Reserves memory.
   *
   * @throws io.sensorium.api.ResourceExhaustedException with the figures, if room cannot be made
   */
  Reservation reserve(MemoryRequest request, RequestContext context) {
    Held held = new Held(account(Device.parse(request.device())), request);
    new Admission(this, held, context).admit(request::reserved);
    return held;
  }

  /** Counts the amounts as the holder's if they fit beside the others and what is promised. */
  boolean take(Held held, MemoryAmounts wanted, Admission by) {
    synchronized (lock) {
      LedgerAccount account = held.account;
      if (wanted.total() - held.bytes() > account.free() - account.promisedToOthers(by)) {
        return false;
      }
      held.reserved = wanted;
      account.add(held);
      return true;
    }
  }

  /** Gives one admission at a time the turn to make room, and keeps for it what becomes free. */
  boolean takeTurn(Held held, Admission admission, long bytes) {
    synchronized (lock) {
      return held.account.promise(admission, bytes);
    }
  }

  void giveTurnBack(Held held, Admission admission) {
    synchronized (lock) {
      held.account.keepPromise(admission);
      changed();
    }
  }

  /** Who else holds what on a holder's device. */
  View view(Held held) {
    LedgerAccount account = held.account;
    long free;
    List<Held> others;
    synchronized (lock) {
      free = account.free();
      others = account.holders().stream().filter(other -> other != held).toList();
    }
    return new View(account.budget(), free, standings(others));
  }

  long budget(Held held) {
    return held.account.budget();
  }

  private List<Standing> standings(List<Held> holders) {
    return holders.stream().map(holder -> Standing.of(holder, policy)).toList();
  }

  /** Remembers that a holder was asked, and whether it is still expected to go. */
  void leaving(Held holder, boolean expected) {
    synchronized (lock) {
      holder.leaving = expected;
    }
  }

  /** Waits a moment, shorter if something is given back. */
  void awaitChange(RequestContext context) throws InterruptedException {
    long nanos = Math.clamp(context.remainingNanos(), 1, POLL_NANOS);
    long end = System.nanoTime() + nanos;
    synchronized (lock) {
      long seen = changes;
      while (changes == seen && nanos > 0) {
        TimeUnit.NANOSECONDS.timedWait(lock, nanos);
        nanos = end - System.nanoTime();
      }
    }
  }

  /** To be called with the lock. */
  private void changed() {
    changes++;
    lock.notifyAll();
  }

  /** Asks every holder to leave that may be asked and has been idle for so long. */
  void reclaimIdle(Duration atLeast) {
    for (LedgerAccount account : accounts()) {
      for (Standing standing : standings(account).holders()) {
        if (standing.state() == MemoryHolding.State.IDLE
            && standing.idle().compareTo(atLeast) >= 0
            && standing.reclaim()) {
          leaving(standing.held(), true);
        }
      }
    }
  }

  /** Answers whether so much could be reserved if those who are idle left. */
  boolean fits(Device device, long bytes) {
    return plan(device, bytes, Set.of()).swap().isPresent();
  }

  /** How something new would fit, as {@link Standings#plan} says. */
  SwapPlan.DevicePlan plan(Device device, long incoming, Set<Reservation> outgoing) {
    return standings(account(device)).plan(incoming, outgoing);
  }

  /** Every account with its holders. */
  List<DeviceMemory> report() {
    return accounts().stream().map(this::standings).map(Standings::memory).toList();
  }

  /** Bytes that are reserved of a device now. */
  long reservedBytes(Device device) {
    LedgerAccount account = account(device);
    synchronized (lock) {
      return account.sum();
    }
  }

  /** Bytes that may be reserved of a device. */
  long budgetBytes(Device device) {
    return account(device).budget();
  }

  private Standings standings(LedgerAccount account) {
    List<Held> holders;
    synchronized (lock) {
      holders = account.holders();
    }
    return new Standings(account.device(), account.budget(), standings(holders));
  }

  private List<LedgerAccount> accounts() {
    account(Device.CPU);
    synchronized (lock) {
      return accounts.values().stream().sorted().toList();
    }
  }

  private LedgerAccount account(Device device) {
    synchronized (lock) {
      Optional<LedgerAccount> known = Optional.ofNullable(accounts.get(device));
      if (known.isPresent()) {
        return known.get();
      }
    }
    LedgerAccount found = new LedgerAccount(device, budgets.applyAsLong(device));
    synchronized (lock) {
      return accounts.computeIfAbsent(device, key -> found);
    }
  }
}
