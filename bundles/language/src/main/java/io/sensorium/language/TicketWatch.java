package io.sensorium.language;

import io.sensorium.language.scheduling.Ticket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Fails requests whose deadline passes or that are cancelled, wherever they wait: for a model that
 * opens, for a place, for a listener. Looks while there is anything to look at. Thread-safe.
 */
final class TicketWatch {
  private static final long PERIOD_MILLIS = 10;

  private final ScheduledExecutorService clock;
  private final Set<Ticket> tickets = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();

  TicketWatch(ScheduledExecutorService clock) {
    this.clock = clock;
  }

  /** Watches a request until it is answered. */
  void watch(Ticket ticket) {
    tickets.add(ticket);
    var _ = ticket.answer().whenComplete((answer, failure) -> tickets.remove(ticket));
    if (looking.compareAndSet(false, true)) {
      lookLater();
    }
  }

  private void look() {
    tickets.forEach(Ticket::failIfOver);
    if (tickets.isEmpty()) {
      looking.set(false);
      if (tickets.isEmpty() || !looking.compareAndSet(false, true)) {
        return;
      }
    }
    lookLater();
  }

  private void lookLater() {
    var _ = clock.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }
}
