package io.sensorium.models.training;

/** What the engine reads from system properties before its first use. */
public final class TorchRuntime {
  private TorchRuntime() {}

  /** One thread for everything, nothing fetched; properties that are set already stay. */
  public static void useOneThread() {
    use(1);
  }

  /** So many threads for an operator, nothing fetched; properties that are set already stay. */
  public static void use(int threads) {
    set("ai.djl.offline", "true");
    set("ai.djl.pytorch.num_threads", Integer.toString(threads));
    set("ai.djl.pytorch.num_interop_threads", "1");
    set("java.awt.headless", "true");
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
