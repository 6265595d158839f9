package io.sensorium.host.reembedding;

import io.sensorium.api.Modality;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.ReembeddingStatus.Change;
import io.sensorium.host.spaces.SpaceVersions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is to be done for one space. Immutable.
 *
 * @param moves what can be moved now
 * @param changes every item that is not where it belongs, those that have to wait as well
 * @param unneeded older versions without items, of which newer versions read everything
 */
record SpacePlan(List<Move> moves, List<Change> changes, Set<SpaceId> unneeded) {

  /**
   * Looks at a space.
   *
   * @param populated where items live
   * @param hurried versions that are not waited for any longer
   */
  static SpacePlan of(
      String name,
      List<EncoderStatus> encoders,
      MediaIndex index,
      Set<SpaceId> populated,
      Set<SpaceId> hurried) {
    Set<SpaceId> taking = new HashSet<>(populated);
    taking.addAll(hurried);
    SpaceVersions versions = SpaceVersions.of(name, encoders, taking);
    List<Move> moves = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (SpaceId from : inSpace(name, populated)) {
      for (Map.Entry<Modality, Long> group : index.census(from).entrySet()) {
        Modality modality = group.getKey();
        Optional<SpaceId> to =
            versions
                .target(modality)
                .filter(target -> isToMove(versions, from, target, modality, hurried));
        to.ifPresent(target -> moves.add(new Move(from, target, modality, group.getValue())));
        change(versions, from, modality, group.getValue(), to).ifPresent(changes::add);
      }
    }
    return new SpacePlan(
        List.copyOf(moves), List.copyOf(changes), unneeded(name, versions, populated));
  }

  private static Set<SpaceId> inSpace(String name, Collection<SpaceId> all) {
    Set<SpaceId> own = new TreeSet<>(SpaceId.OLDEST_FIRST);
    all.stream().filter(space -> space.name().equals(name)).forEach(own::add);
    return own;
  }

  /** Items go to newer versions; back to older ones only where nothing can find them any more. */
  private static boolean isToMove(
      SpaceVersions versions, SpaceId from, SpaceId to, Modality modality, Set<SpaceId> hurried) {
    return to.isNewerThan(from)
        || (from.isNewerThan(to) && !versions.answers(from, modality) && hurried.contains(from));
  }

  private static Optional<Change> change(
      SpaceVersions versions, SpaceId from, Modality modality, long items, Optional<SpaceId> to) {
    if (to.isPresent()) {
      return Optional.of(
          new Change(from.toString(), to.get().toString(), modality.name(), items, List.of()));
    }
    Set<SpaceId> newer = versions.answering().tailSet(from, false);
    if (newer.isEmpty()) {
      return Optional.empty();
    }
    SpaceId newest = versions.answering().last();
    Set<Modality> missing = versions.missing(newest);
    return Optional.of(
        new Change(
            from.toString(),
            versions.answers(newest, modality) ? newest.toString() : "",
            modality.name(),
            items,
            missing.stream().map(Modality::name).sorted().toList()));
  }

  private static Set<SpaceId> unneeded(
      String name, SpaceVersions versions, Set<SpaceId> populated) {
    Set<SpaceId> unneeded = new TreeSet<>(SpaceId.OLDEST_FIRST);
    for (SpaceId version : inSpace(name, versions.answering())) {
      boolean replaced =
          versions.answering().tailSet(version, false).stream()
              .anyMatch(newer -> versions.missing(newer).isEmpty());
      if (replaced && !populated.contains(version)) {
        unneeded.add(version);
      }
    }
    return unneeded;
  }
}
