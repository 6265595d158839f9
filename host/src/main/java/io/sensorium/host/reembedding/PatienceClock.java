package io.sensorium.host.reembedding;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How long it is ago that an encoder of a version came or went. Thread-safe. */
final class PatienceClock {
  private final long patienceNanos;
  private final Map<SpaceId, Waiting> versions = new HashMap<>();

  private record Waiting(Set<Modality> readers, long sinceNanos) {}

  PatienceClock(Duration patience) {
    this.patienceNanos = patience.toNanos();
  }

  synchronized void look(Iterable<EncoderStatus> encoders) {
    Map<SpaceId, Set<Modality>> readers = new HashMap<>();
    versions.keySet().forEach(version -> readers.put(version, new HashSet<>()));
    for (EncoderStatus encoder : encoders) {
      readers.computeIfAbsent(encoder.space(), space -> new HashSet<>()).add(encoder.modality());
    }
    readers.forEach(
        (version, read) -> {
          Waiting before = versions.get(version);
          if (before == null || !before.readers().equals(read)) {
            versions.put(version, new Waiting(read, System.nanoTime()));
          }
        });
  }

  /** Versions of which nothing has changed for as long as one waits. */
  synchronized Set<SpaceId> over() {
    Set<SpaceId> over = new HashSet<>();
    versions.forEach(
        (version, waiting) -> {
          if (System.nanoTime() - waiting.sinceNanos() >= patienceNanos) {
            over.add(version);
          }
        });
    return over;
  }
}
