package io.sensorium.index.lucene;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The acknowledged changes that searches may not see yet. Thread-safe; one refresh at a time.
 *
 * <p>A change is added after the index writer has it. So what a starting refresh finds here is in
 * the writer already, and may go once the refresh has succeeded.
 */
final class PendingChanges {
  private record Generations(Map<String, Change> young, Map<String, Change> old) {}

  private volatile Generations generations =
      new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

  synchronized void add(Change change) {
    generations.young().put(change.id(), change);
  }

  /** The latest change of an id that a refresh has not confirmed. */
  Optional<Change> find(String id) {
    Generations now = generations;
    Change young = now.young().get(id);
    return Optional.ofNullable(young != null ? young : now.old().get(id));
  }

  synchronized void startRefresh() {
    generations = new Generations(new ConcurrentHashMap<>(), generations.young());
  }

  synchronized void endRefresh() {
    generations = new Generations(generations.young(), new ConcurrentHashMap<>());
  }

  /** Keeps what the failed refresh was to make searchable. */
  synchronized void abandonRefresh() {
    Generations now = generations;
    now.old().forEach(now.young()::putIfAbsent);
    endRefresh();
  }

  /** A copy: the latest unconfirmed change of each id. */
  Map<String, Change> snapshot() {
    Generations now = generations;
    Map<String, Change> all = new HashMap<>(now.old());
    all.putAll(now.young());
    return all;
  }

  boolean isEmpty() {
    Generations now = generations;
    return now.young().isEmpty() && now.old().isEmpty();
  }
}
