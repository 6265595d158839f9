package io.sensorium.space;

import io.sensorium.api.ResourceExhaustedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Where requests wait while their encoder is starting or being swapped. Bounded; thread-safe. */
final class WaitingRoom implements ItemHolder {
  private final EngineSettings settings;
  private final Object lock = new Object();
  // Guarded by the lock.
  private final SequencedSet<Item> items = new LinkedHashSet<>();
  private long bytes;

  WaitingRoom(EngineSettings settings) {
    this.settings = settings;
  }

  /**
   * @throws ResourceExhaustedException if too many wait
   */
  void add(Item item) {
    synchronized (lock) {
      if (items.size() >= settings.queueItems() || bytes + item.bytes() > settings.queueBytes()) {
        throw new ResourceExhaustedException(
            "too many requests wait for an encoder that is starting: %d of %d, %d bytes of %d"
                .formatted(items.size(), settings.queueItems(), bytes, settings.queueBytes()));
      }
      item.heldBy(this);
      items.addLast(item);
      bytes += item.bytes();
    }
    if (item.isDone()) {
      forget(item);
    }
  }

  @Override
  public void forget(Item item) {
    take(item);
  }

  /** Answers whether the item was still here; then it is the caller's. */
  boolean take(Item item) {
    synchronized (lock) {
      boolean held = items.remove(item);
      bytes -= held ? item.bytes() : 0;
      return held;
    }
  }

  /** Hands everybody over, in the order of arrival. */
  List<Item> takeAll() {
    synchronized (lock) {
      List<Item> all = List.copyOf(items);
      items.clear();
      bytes = 0;
      return all;
    }
  }
}
