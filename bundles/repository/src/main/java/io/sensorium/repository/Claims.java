package io.sensorium.repository;

import io.sensorium.api.model.ModelManifest;
import io.sensorium.models.packages.PackageSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who wants which package of an id in service, in each version of its space: while a bundle is
 * updated beside itself, two bundles bring the same id, and the one that stays keeps it. What the
 * user installed goes before what bundles carry, and what came last before what was there. Calls
 * for one id come one at a time.
 */
final class Claims {
  /**
   * One wish.
   *
   * @param manifest of the package
   * @param origin who brings it
   * @param source where it can be had again; empty where it lies in its place
   */
  record Claim(ModelManifest manifest, Origin origin, Optional<PackageSource> source) {}

  private static final Comparator<Claim> USER_LAST =
      Comparator.comparing(claim -> claim.origin().isUser());

  private final Map<String, List<Claim>> claims = new ConcurrentHashMap<>();

  /** Notes a wish in place of what the same origin wished in the same package's place before. */
  void put(Claim claim) {
    List<Claim> all = new ArrayList<>(of(claim.manifest().id()));
    all.removeIf(
        other ->
            other.origin().equals(claim.origin())
                && ServedPackages.areRivals(other.manifest(), claim.manifest()));
    all.add(claim);
    claims.put(claim.manifest().id(), List.copyOf(all));
  }

  /** Forgets a wish. */
  void drop(Claim claim) {
    String id = claim.manifest().id();
    claims.put(id, of(id).stream().filter(other -> !other.equals(claim)).toList());
  }

  /** Forgets everything that is wished of an id. */
  void clear(String id) {
    claims.remove(id);
  }

  /** Forgets everything that is wished in a package's place. */
  void clear(ModelManifest place) {
    claims.put(
        place.id(),
        of(place.id()).stream()
            .filter(claim -> !ServedPackages.areRivals(claim.manifest(), place))
            .toList());
  }

  /** What an origin wishes of a package's id, if it is still that version. */
  Optional<Claim> find(ModelManifest manifest, Origin origin) {
    return of(manifest.id()).stream()
        .filter(claim -> claim.origin().equals(origin))
        .filter(claim -> claim.manifest().version().equals(manifest.version()))
        .findFirst();
  }

  /** Answers whether the user wants a package of his own in a package's place. */
  boolean isUsers(ModelManifest place) {
    return first(place).filter(claim -> claim.origin().isUser()).isPresent();
  }

  /** The wish that is to be fulfilled in a package's place. */
  Optional<Claim> first(ModelManifest place) {
    return of(place.id()).stream()
        .filter(claim -> ServedPackages.areRivals(claim.manifest(), place))
        .sorted(USER_LAST)
        .reduce((earlier, later) -> later);
  }

  /** Answers whether somebody wants that version. */
  boolean want(ModelManifest manifest) {
    return of(manifest.id()).stream()
        .anyMatch(claim -> claim.manifest().version().equals(manifest.version()));
  }

  private List<Claim> of(String id) {
    return claims.getOrDefault(id, List.of());
  }
}
