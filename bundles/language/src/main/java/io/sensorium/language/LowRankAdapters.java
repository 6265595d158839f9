package io.sensorium.language;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.language.scheduling.AdapterSource;
import io.sensorium.models.packages.LowRankFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The low-rank adapters in service. Thread-safe. */
final class LowRankAdapters {
  // Guarded by itself; the newest registration last.
  private final List<Served> adapters = new ArrayList<>();

  /**
   * An adapter.
   *
   * @param id of its package
   * @param base the id of the model that it is for
   * @param serviceId the package's registration number, growing with time
   */
  private record Served(String id, String base, long serviceId, AdapterSource source) {}

  /**
   * @throws ModelLoadException if the package does not say what model it is for
   */
  void add(ModelPackage adapter, long serviceId) {
    String base = LowRankFile.baseOf(adapter.manifest());
    AdapterSource source =
        new AdapterSource(
            adapter.toString(),
            loading -> {
              try (LowRankFile file = LowRankFile.open(adapter)) {
                loading.accept(file.adapter());
              }
            });
    synchronized (adapters) {
      adapters.add(new Served(adapter.manifest().id(), base, serviceId, source));
      adapters.sort(Comparator.comparingLong(Served::serviceId));
    }
  }

  /** Takes an adapter out of service; it may be in use still. */
  Optional<AdapterSource> remove(long serviceId) {
    synchronized (adapters) {
      Optional<Served> leaving =
          adapters.stream().filter(each -> each.serviceId() == serviceId).findFirst();
      leaving.ifPresent(adapters::remove);
      leaving.ifPresent(each -> each.source().leave());
      return leaving.map(Served::source);
    }
  }

  /** Answers whether there is one for a model. */
  boolean hasFor(String model) {
    synchronized (adapters) {
      return adapters.stream().anyMatch(each -> each.base().equals(model));
    }
  }

  /**
   * The newest adapter of that id.
   *
   * @throws IllegalArgumentException if there is none, or it is for another model
   */
  AdapterSource require(String id, String model) {
    synchronized (adapters) {
      Served found =
          adapters.stream()
              .filter(each -> each.id().equals(id))
              .reduce((older, newer) -> newer)
              .orElseThrow(() -> unknown(id, model));
      if (!found.base().equals(model)) {
        throw new IllegalArgumentException(
            "adapter '%s' is for model '%s'; it cannot be used with '%s'"
                .formatted(id, found.base(), model));
      }
      return found.source();
    }
  }

  private IllegalArgumentException unknown(String id, String model) {
    List<String> known =
        adapters.stream()
            .filter(each -> each.base().equals(model))
            .map(Served::id)
            .distinct()
            .sorted()
            .toList();
    return new IllegalArgumentException(
        "a low-rank adapter for model '%s' is required; '%s' is none of those in service: %s"
            .formatted(model, id, known));
  }
}
