package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.api.space.SpaceId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which version of a space answers a request that names none, while several are in service.
 *
 * <p>It is the newest that reads everything that older versions read, so that what is embedded one
 * after the other, an item and its labels for instance, lives in one version although encoders of
 * the next version come one by one. A modality that no such version reads is answered by the newest
 * version that does.
 */
final class VersionChoice {
  private VersionChoice() {}

  /**
   * The version, for instance {@code world@2}; the space as it was given if that names a version,
   * or if nothing is there to choose from.
   */
  static String of(Snapshot snapshot, Modality modality, String space) {
    Map<SpaceId, Set<Modality>> versions = new TreeMap<>(SpaceId.OLDEST_FIRST);
    Stream<Place> places =
        Stream.concat(
            snapshot.generations().stream()
                .filter(generation -> generation.state() == State.READY)
                .map(generation -> generation.pair().place()),
            snapshot.idle().stream().map(Pair::place));
    places
        .filter(place -> place.space().name().equals(space))
        .forEach(
            place ->
                versions
                    .computeIfAbsent(place.space(), version -> new HashSet<>())
                    .add(place.modality()));
    if (versions.size() < 2) {
      return space;
    }
    return chosen(versions, modality, space);
  }

  private static String chosen(
      Map<SpaceId, Set<Modality>> oldestFirst, Modality modality, String space) {
    Set<Modality> readByOlder = new HashSet<>();
    String whole = null;
    String any = space;
    for (Map.Entry<SpaceId, Set<Modality>> version : oldestFirst.entrySet()) {
      if (version.getValue().contains(modality)) {
        any = version.getKey().toString();
        whole = version.getValue().containsAll(readByOlder) ? any : whole;
      }
      readByOlder.addAll(version.getValue());
    }
    return whole == null ? any : whole;
  }
}
