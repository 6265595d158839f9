package io.sensorium.host.bench.hotplug;

/** Is told how far the trials are. */
@FunctionalInterface
public interface TrialProgress {
  /** Tells nobody. */
  TrialProgress NONE = (done, total, text) -> {};

  /**
   * So much of a trial is done.
   *
   * @param text one line
   */
  void show(long done, long total, String text);
}
