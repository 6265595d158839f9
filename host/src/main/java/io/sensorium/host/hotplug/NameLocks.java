package io.sensorium.host.hotplug;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One lock a name, in the order in which threads came. A name that nobody holds takes no memory.
 * Thread-safe.
 */
final class NameLocks {
  private final Map<String, Shared> locks = new HashMap<>();

  private static final class Shared {
    private final ReentrantLock lock = new ReentrantLock(true);
    private int users;
  }

  /** Does the work while no other thread does any for the same name. */
  <T> T holding(String name, Supplier<T> work) {
    Shared shared;
    synchronized (locks) {
      shared = locks.computeIfAbsent(name, key -> new Shared());
      shared.users++;
    }
    shared.lock.lock();
    try {
      return work.get();
    } finally {
      shared.lock.unlock();
      synchronized (locks) {
        shared.users--;
        if (shared.users == 0) {
          locks.remove(name);
        }
      }
    }
  }
}
