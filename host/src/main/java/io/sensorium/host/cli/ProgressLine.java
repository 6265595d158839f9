package io.sensorium.host.cli;

import io.sensorium.host.operations.Results.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows progress: a bar that is drawn over on a terminal, a line now and then elsewhere. One thread
 * at a time.
 */
final class ProgressLine {
  private static final int BAR = 30;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PrintWriter err;
  private final boolean terminal;
  private long shownNanos = System.nanoTime();
  private boolean drawn;

  ProgressLine(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  void show(Progress progress) {
    show(progress.done(), progress.total(), counts(progress));
  }

  /**
   * Shows how far something is.
   *
   * @param total 0 while unknown
   * @param text what stands beside the bar
   */
  synchronized void show(long done, long total, String text) {
    if (terminal) {
      err.print("\r\u001b[K" + bar(done, total, text));
      err.flush();
      drawn = true;
    } else if (System.nanoTime() - shownNanos >= QUIET_NANOS) {
      shownNanos = System.nanoTime();
      err.println(text);
    }
  }

  /** Removes the bar, so that results start on an empty line. */
  synchronized void clear() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
      drawn = false;
    }
  }

  private static String bar(long done, long total, String text) {
    if (total == 0) {
      return "looking for files ...";
    }
    int full = (int) (BAR * Math.min(done, total) / total);
    return "[%s%s] %s".formatted("#".repeat(full), ".".repeat(BAR - full), text);
  }

  private static String counts(Progress progress) {
    return String.format(
        Locale.ROOT,
        "%d/%d files, %.0f/s, %s left",
        progress.done(),
        progress.total(),
        progress.perSecond(),
        clock(Duration.ofMillis((long) (progress.remainingSeconds() * 1000))));
  }

  /** Hours, minutes and seconds. */
  static String clock(Duration duration) {
    return duration.toHours() > 0
        ? "%d:%02d:%02d"
            .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart())
        : "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
