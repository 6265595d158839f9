package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryHolding.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * One try to find room for a holder. Admissions that have to make room do so one after the other,
 * and what becomes free meanwhile is kept for the one whose turn it is. One thread.
 */
final class Admission {
  /** How long a holder that would not leave is left in peace. */
  private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

  private final DeviceLedger ledger;
  private final DeviceLedger.Held held;
  private final RequestContext context;

  private final Map<DeviceLedger.Held, Answer> asked = new LinkedHashMap<>();

  /** When a holder was asked, and whether it said that it leaves. */
  private record Answer(long nanos, boolean leaves) {}

  Admission(DeviceLedger ledger, DeviceLedger.Held held, RequestContext context) {
    this.ledger = ledger;
    this.held = held;
    this.context = context;
  }

  /**
   * Counts amounts for the holder, making room for them if need be.
   *
   * @param wanted all that it shall have; asked for anew at each try
   */
  void admit(Supplier<MemoryAmounts> wanted) {
    long budget = ledger.budget(held);
    if (wanted.get().total() > budget) {
      throw new ResourceExhaustedException(
          "%s needs %s on %s, which is more than the budget of %s"
              .formatted(
                  held.request().owner(),
                  Figures.of(wanted.get()),
                  held.request().device(),
                  Figures.mebibytes(budget)),
          null,
          false);
    }
    if (ledger.take(held, wanted.get(), this)) {
      return;
    }
    try {
      while (!ledger.take(held, wanted.get(), this)) {
        makeRoom(wanted.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestCancelledException(
          "interrupted while memory was reserved for " + held.request().owner(), e);
    } finally {
      ledger.giveTurnBack(held, this);
    }
  }

  /** Asks one holder, or waits a moment. */
  private void makeRoom(MemoryAmounts wanted) throws InterruptedException {
    DeviceLedger.View view = ledger.view(held);
    long more = wanted.total() - held.amounts().total();
    long missing = more - view.free();
    boolean mayAsk = ledger.takeTurn(held, this, more);
    if (missing > bytes(view, State.LEAVING, State.IDLE, State.BUSY) || isOver()) {
      throw refusal(wanted, view);
    }
    if (mayAsk && missing > bytes(view, State.LEAVING)) {
      Optional<Standing> next = view.standings().stream().filter(this::canAsk).min(Standing.ORDER);
      if (next.isPresent()) {
        ask(next.get());
        return;
      }
    }
    ledger.awaitChange(context);
  }

  private boolean isOver() {
    if (context.isCancelled()) {
      context.check("reserving memory for " + held.request().owner());
    }
    return context.isOver();
  }

  private boolean canAsk(Standing standing) {
    Answer before = asked.get(standing.held());
    return standing.state() == State.IDLE
        && (before == null || System.nanoTime() - before.nanos() > PAUSE_NANOS);
  }

  private void ask(Standing standing) {
    boolean leaves = standing.reclaim();
    ledger.leaving(standing.held(), leaves);
    asked.put(standing.held(), new Answer(System.nanoTime(), leaves));
  }

  private static long bytes(DeviceLedger.View view, State... states) {
    List<State> counted = List.of(states);
    return view.standings().stream()
        .filter(standing -> counted.contains(standing.state()))
        .mapToLong(Standing::bytes)
        .sum();
  }

  private ResourceExhaustedException refusal(MemoryAmounts wanted, DeviceLedger.View view) {
    // Who is still here though it was asked is asked again by the next.
    asked.keySet().forEach(holder -> ledger.leaving(holder, false));
    StringJoiner holders = new StringJoiner(", ", ": ", "").setEmptyValue("");
    for (Standing standing : view.standings()) {
      holders.add(
          "%s has %s (%s)"
              .formatted(
                  standing.held().request().owner(),
                  Figures.mebibytes(standing.bytes()),
                  condition(standing)));
    }
    return new ResourceExhaustedException(
        "%s needs %s on %s; %s of the budget of %s are free%s"
            .formatted(
                held.request().owner(),
                Figures.of(wanted),
                held.request().device(),
                Figures.mebibytes(view.free()),
                Figures.mebibytes(view.budget()),
                holders));
  }

  private String condition(Standing standing) {
    Answer answer = asked.get(standing.held());
    if (answer != null) {
      return answer.leaves() ? "asked to leave, still here" : "would not leave";
    }
    if (standing.pinned()) {
      return "pinned";
    }
    return switch (standing.state()) {
      case IDLE -> "idle";
      case BUSY -> "busy";
      case LEAVING -> "leaving";
      case FIXED, REPORTED -> "cannot be asked";
    };
  }
}
