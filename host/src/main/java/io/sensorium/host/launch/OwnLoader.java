package io.sensorium.host.launch;

import java.util.function.Supplier;

/**
 * Does things with the host's class loader as the thread's. Threads inherit what the thread that
 * makes them carries: without this, the host's would keep an application's class loader in memory,
 * and libraries that look through the thread would look there.
 */
public final class OwnLoader {
  private OwnLoader() {}

  /** What the work answers. */
  public static <T> T call(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(OwnLoader.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Does the work. */
  public static void run(Runnable work) {
    call(
        () -> {
          work.run();
          return null;
        });
  }
}
