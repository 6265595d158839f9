package io.sensorium.host.reembedding;

import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.SpaceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes versions without items out of service. One thread at a time, but for {@link #isDue}. */
final class VersionRetirement {
  private static final Logger LOG = LoggerFactory.getLogger(VersionRetirement.class);

  /** A search that has just begun may still ask the version that has lost its last item. */
  private static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Set<String> kept;
  private final Supplier<ModelRepository> models;
  private final IndexingGate gate;
  private final Tally tally;
  private final Map<SpaceId, Long> emptySince = new ConcurrentHashMap<>();
  private final Set<SpaceId> refused = new HashSet<>();

  /**
   * @param kept spaces, or versions of them, that stay
   */
  VersionRetirement(
      Set<String> kept, Supplier<ModelRepository> models, IndexingGate gate, Tally tally) {
    this.kept = kept;
    this.models = models;
    this.gate = gate;
    this.tally = tally;
  }

  /** Whether a version is about to go. */
  boolean isDue() {
    return !emptySince.isEmpty();
  }

  /**
   * Retires the packages of versions that have been empty for a moment.
   *
   * @param unneeded versions that are empty now, and of which newer ones read everything
   */
  void look(Set<SpaceId> unneeded, MediaIndex index) {
    look(unneeded, index, EMPTY_NANOS);
  }

  /** As {@link #look(Set, MediaIndex)}, without waiting. */
  void now(Set<SpaceId> unneeded, MediaIndex index) {
    look(unneeded, index, 0);
  }

  private void look(Set<SpaceId> unneeded, MediaIndex index, long emptyNanos) {
    Set<SpaceId> going = new HashSet<>(unneeded);
    going.removeIf(space -> kept.contains(space.name()) || kept.contains(space.toString()));
    refused.retainAll(going);
    going.removeAll(refused);
    emptySince.keySet().retainAll(going);
    for (SpaceId version : going) {
      long since = emptySince.computeIfAbsent(version, each -> System.nanoTime());
      if (System.nanoTime() - since >= emptyNanos) {
        gate.betweenIndexings(() -> retireIfEmpty(version, index), () -> true);
      }
    }
  }

  /** Nobody indexes meanwhile, so that no file comes into the version any more. */
  private void retireIfEmpty(SpaceId version, MediaIndex index) {
    index.refresh();
    emptySince.remove(version);
    if (index.spaces().contains(version)) {
      return;
    }
    ModelRepository repository = models.get();
    List<String> retired = new ArrayList<>();
    for (ModelPackage model : repository.packages()) {
      ModelManifest manifest = model.manifest();
      if (manifest.space().equals(Optional.of(version))
          && repository.retire(manifest.id(), manifest.version())) {
        retired.add(model.toString());
      }
    }
    if (retired.isEmpty()) {
      refused.add(version);
    } else {
      tally.dropped(version.toString());
      LOG.info("{} has no items any more; out of service: {}", version, retired);
    }
  }
}
