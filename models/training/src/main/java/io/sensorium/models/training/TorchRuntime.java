package io.sensorium.models.training;

/** What the engine reads from system properties before its first use. */
final class TorchRuntime {
  private TorchRuntime() {}

  /** One thread for everything, nothing fetched; properties that are set already stay. */
  static void useOneThread() {
    set("ai.djl.offline", "true");
    set("ai.djl.pytorch.num_threads", "1");
    set("ai.djl.pytorch.num_interop_threads", "1");
    set("java.awt.headless", "true");
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
