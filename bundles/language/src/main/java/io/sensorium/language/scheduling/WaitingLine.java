package io.sensorium.language.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who waits for places. Whoever came first gets them first, unless it needs more than are free:
 * then others go before it that need fewer, but only so many of them. From then on nobody does, so
 * that places become free until they suffice. Guarded by whoever has it.
 */
final class WaitingLine {
  private final List<Waiting> line = new ArrayList<>();

  /** A request, and how many have gone before it that came later. */
  private static final class Waiting {
    private final Ticket ticket;
    private int overtaken;

    private Waiting(Ticket ticket) {
      this.ticket = ticket;
    }
  }

  void add(Ticket ticket) {
    line.add(new Waiting(ticket));
  }

  boolean isEmpty() {
    return line.isEmpty();
  }

  int size() {
    return line.size();
  }

  /** The first to come first. */
  List<Ticket> tickets() {
    return line.stream().map(waiting -> waiting.ticket).toList();
  }

  /** Answers whether somebody could begin. */
  boolean hasPrepared() {
    return line.stream().anyMatch(waiting -> waiting.ticket.isPrepared());
  }

  void removeSettled() {
    line.removeIf(waiting -> waiting.ticket.isSettled());
  }

  void clear() {
    line.clear();
  }

  /**
   * Takes out whose turn it is; those that are not prepared do not count.
   *
   * @param hasRoom whether the places that a request needs are free
   * @param mostOvertaking how many may go before one that came before them
   */
  Optional<Ticket> next(Predicate<Job> hasRoom, int mostOvertaking) {
    List<Waiting> passed = new ArrayList<>();
    for (Waiting waiting : line) {
      if (!waiting.ticket.isPrepared()) {
        continue;
      }
      if (hasRoom.test(waiting.ticket.job())) {
        passed.forEach(each -> each.overtaken++);
        line.remove(waiting);
        return Optional.of(waiting.ticket);
      }
      if (waiting.overtaken >= mostOvertaking) {
        return Optional.empty();
      }
      passed.add(waiting);
    }
    return Optional.empty();
  }
}
