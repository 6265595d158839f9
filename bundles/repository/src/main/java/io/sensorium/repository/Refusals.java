package io.sensorium.repository;

import io.sensorium.api.model.RefusedModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** What was refused last, the newest first. Bounded; thread-safe. */
final class Refusals {
  private static final int MAXIMUM = 100;

  // Guarded by this.
  private final Deque<RefusedModel> refused = new ArrayDeque<>();

  /** Notes a refusal in place of an older one of the same source. */
  synchronized void add(RefusedModel refusal) {
    forget(old -> old.source().equals(refusal.source()));
    refused.addFirst(refusal);
    if (refused.size() > MAXIMUM) {
      refused.removeLast();
    }
  }

  synchronized void forget(Predicate<RefusedModel> which) {
    refused.removeIf(which);
  }

  synchronized List<RefusedModel> all() {
    return List.copyOf(refused);
  }
}
