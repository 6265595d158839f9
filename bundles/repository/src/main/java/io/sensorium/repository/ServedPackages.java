package io.sensorium.repository;

import io.sensorium.api.Modality;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.SpaceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The packages in service. Of one id there is one in each version of its space, so that an older
 * version serves on beside a newer one. Thread-safe; changes of one id want one thread at a time.
 */
final class ServedPackages {
  private static final Comparator<Served> OLDEST_SPACE_FIRST =
      Comparator.comparing(
          served -> served.manifest().space().orElse(null),
          Comparator.nullsFirst(SpaceId.OLDEST_FIRST));

  private final Map<String, List<Served>> byId = new ConcurrentHashMap<>();

  /**
   * One package in service.
   *
   * @param attempt tells its steps
   * @param withdraw takes it out of service; called once
   */
  record Served(ModelPackage model, Attempt attempt, Runnable withdraw) {
    ModelManifest manifest() {
      return model.manifest();
    }

    boolean isAt(ModelPackage other) {
      return model.folder().equals(other.folder());
    }

    /** Answers whether another package of the same id takes the place of this one. */
    private boolean yieldsTo(ModelPackage newcomer) {
      return isAt(newcomer) || areRivals(manifest(), newcomer.manifest());
    }
  }

  /**
   * Answers whether only one of two packages of an id can be in service: not if they are in
   * different versions of one space.
   */
  static boolean areRivals(ModelManifest one, ModelManifest other) {
    Optional<SpaceId> a = one.space();
    Optional<SpaceId> b = other.space();
    return a.isEmpty() || b.isEmpty() || !a.get().name().equals(b.get().name()) || a.equals(b);
  }

  /** Everything in service, by id and then the older version of the space first. */
  List<ModelPackage> all() {
    return byId.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(entry -> entry.getValue().stream().map(Served::model))
        .toList();
  }

  /** The packages of one id, the older version of the space first. */
  List<Served> of(String id) {
    return byId.getOrDefault(id, List.of());
  }

  /** The package of that id in the newest version of its space. */
  Optional<Served> newest(String id) {
    List<Served> there = of(id);
    return there.isEmpty() ? Optional.empty() : Optional.of(there.getLast());
  }

  Optional<Served> version(String id, String version) {
    return of(id).stream()
        .filter(served -> served.manifest().version().equals(version))
        .findFirst();
  }

  /** The packages whose place another one would take. */
  List<Served> replacedBy(ModelPackage newcomer) {
    return of(newcomer.manifest().id()).stream()
        .filter(served -> served.yieldsTo(newcomer))
        .toList();
  }

  /**
   * Adds a package.
   *
   * @return those whose place it takes, to be withdrawn
   */
  List<Served> add(Served newcomer) {
    String id = newcomer.manifest().id();
    List<Served> replaced = replacedBy(newcomer.model());
    List<Served> stay = new ArrayList<>(of(id));
    stay.removeAll(replaced);
    stay.add(newcomer);
    stay.sort(OLDEST_SPACE_FIRST);
    byId.put(id, List.copyOf(stay));
    return replaced;
  }

  void remove(Served gone) {
    byId.computeIfPresent(
        gone.manifest().id(),
        (id, there) -> {
          List<Served> left = there.stream().filter(served -> !served.equals(gone)).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** Answers whether everything that a package reads is read in newer versions of its space. */
  boolean isSuperseded(ModelManifest manifest) {
    if (manifest.space().isEmpty()) {
      return false;
    }
    SpaceId space = manifest.space().get();
    Set<Modality> newer = new HashSet<>();
    all().stream()
        .map(ModelPackage::manifest)
        .filter(other -> other.space().filter(each -> each.isNewerThan(space)).isPresent())
        .forEach(other -> newer.addAll(modalities(other)));
    return newer.containsAll(modalities(manifest));
  }

  private static List<Modality> modalities(ModelManifest manifest) {
    return manifest.graphs().stream().flatMap(graph -> graph.modality().stream()).toList();
  }

  void withdrawAll() {
    byId.values().forEach(there -> there.forEach(served -> served.withdraw().run()));
    byId.clear();
  }
}
