package io.sensorium.host.reembedding;

import io.sensorium.host.api.ReembeddingStatus.Kept;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was done since the host started. Thread-safe. */
final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Tally.class);
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int KEPT_SHOWN = 100;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Map<String, String> kept = new LinkedHashMap<>();
  private final List<String> dropped = new ArrayList<>();
  private long moved;
  private long removed;
  private long windowStartNanos;
  private long windowMoved;
  private double perSecond;
  private long toldNanos = System.nanoTime();

  synchronized void begin() {
    windowStartNanos = System.nanoTime();
    windowMoved = 0;
    perSecond = 0;
  }

  synchronized void end() {
    perSecond = 0;
  }

  synchronized void moved(long items) {
    moved += items;
    windowMoved += items;
    long elapsed = Math.max(1, System.nanoTime() - windowStartNanos);
    perSecond = windowMoved * 1e9 / elapsed;
    if (elapsed > WINDOW_NANOS) {
      // Halving both keeps the rate and forgets the past.
      windowStartNanos += elapsed / 2;
      windowMoved /= 2;
    }
  }

  /** Writes a line to the log from time to time. */
  synchronized void tell(Move move) {
    long now = System.nanoTime();
    if (now - toldNanos >= TELL_NANOS) {
      toldNanos = now;
      LOG.info("{}: {} moved so far, {}/s", move, moved, Math.round(perSecond));
    }
  }

  synchronized void removed(long items) {
    removed += items;
  }

  synchronized void kept(String id, String reason) {
    kept.put(id, reason);
  }

  synchronized void notKept(String id) {
    kept.remove(id);
  }

  synchronized void dropped(String version) {
    dropped.add(version);
  }

  synchronized long movedItems() {
    return moved;
  }

  synchronized long removedItems() {
    return removed;
  }

  synchronized double perSecond() {
    return perSecond;
  }

  synchronized int keptItems() {
    return kept.size();
  }

  synchronized List<Kept> keptShown() {
    return kept.entrySet().stream()
        .limit(KEPT_SHOWN)
        .map(entry -> new Kept(entry.getKey(), entry.getValue()))
        .toList();
  }

  synchronized List<String> droppedVersions() {
    return List.copyOf(dropped);
  }
}
