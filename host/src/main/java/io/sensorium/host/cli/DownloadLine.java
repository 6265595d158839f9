package io.sensorium.host.cli;

import io.sensorium.models.hub.HubProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows how far a download is. One thread at a time. */
final class DownloadLine {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ProgressLine line;
  private long startNanos;
  private long startBytes = -1;
  private long drawnNanos;

  DownloadLine(PrintWriter err, boolean terminal) {
    this.line = new ProgressLine(err, terminal);
  }

  void show(HubProgress progress) {
    long now = System.nanoTime();
    if (startBytes < 0) {
      startNanos = now;
      startBytes = progress.bytes();
      drawnNanos = now - REDRAW_NANOS;
    }
    if (now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      line.show(progress.bytes(), progress.totalBytes(), text(progress, now - startNanos));
    }
  }

  /** Removes what was drawn. */
  void clear() {
    line.clear();
  }

  private String text(HubProgress progress, long elapsedNanos) {
    double seconds = Math.max(elapsedNanos / 1e9, 1e-3);
    double perSecond = Math.max(0, progress.bytes() - startBytes) / seconds;
    String left =
        perSecond < 1
            ? "?"
            : ProgressLine.clock(
                Duration.ofSeconds(
                    (long) ((progress.totalBytes() - progress.bytes()) / perSecond)));
    return String.format(
        Locale.ROOT,
        "%s of %s, %s/s, %s left (%d/%d files: %s)",
        Tables.bytes(progress.bytes()),
        Tables.bytes(progress.totalBytes()),
        Tables.bytes((long) perSecond),
        left,
        progress.files(),
        progress.totalFiles(),
        progress.file());
  }
}
