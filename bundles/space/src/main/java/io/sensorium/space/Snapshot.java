package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the registry knows at one moment. Immutable, but for the states of the generations.
 *
 * @param version grows with every change
 * @param generations every one that is not gone, the newest first
 * @param starting places of generations that had not opened yet; another snapshot follows as soon
 *     as one of them has
 * @param idle what the next request will open, the newest of each place
 * @param departures what left and may come back
 * @param arriving whether the engine has just started, so that what is installed may still register
 * @param claims who reads what
 */
record Snapshot(
    long version,
    List<Generation> generations,
    List<Place> starting,
    List<Pair> idle,
    List<Departure> departures,
    boolean arriving,
    MediaClaims claims) {
  static final Snapshot EMPTY =
      new Snapshot(0, List.of(), List.of(), List.of(), List.of(), true, MediaClaims.of(List.of()));

  Snapshot {
    generations = List.copyOf(generations);
    starting = List.copyOf(starting);
    idle = List.copyOf(idle);
    departures = List.copyOf(departures);
  }

  /** Every encoder as it stands now. */
  List<EncoderStatus> statuses() {
    return Stream.concat(
            generations.stream().map(Generation::status), idle.stream().map(Pair::idle))
        .toList();
  }

  /** Answers whether a request for the modality and space would open an encoder. */
  boolean isIdle(Modality modality, String space) {
    return idle.stream().anyMatch(pair -> pair.place().serves(modality, space));
  }

  /** The newest generation that answers for the modality and space. */
  Optional<Generation> ready(Modality modality, String space) {
    return generations.stream()
        .filter(Generation::answers)
        .filter(generation -> generation.pair().place().serves(modality, space))
        .findFirst();
  }

  /** Answers whether a generation for the modality and space may become ready soon. */
  boolean isAwaited(Modality modality, String space) {
    return starting.stream().anyMatch(place -> place.serves(modality, space))
        || departures.stream()
            .filter(Departure::isAwaited)
            .anyMatch(departure -> departure.place().serves(modality, space))
        || (arriving
            && generations.stream()
                .noneMatch(generation -> generation.pair().place().serves(modality, space)));
  }

  boolean knowsSpace(String space) {
    return Stream.concat(generations.stream().map(Generation::pair), idle.stream())
        .anyMatch(pair -> pair.place().isIn(space));
  }

  /** What is installed, for messages. */
  String inventory() {
    if (generations.isEmpty() && idle.isEmpty()) {
      return "nothing is installed";
    }
    Stream<String> opened =
        generations.stream()
            .map(
                generation ->
                    generation
                        + " ("
                        + generation.state()
                        + (generation.reason().isEmpty() ? "" : ": " + generation.reason())
                        + ")");
    return Stream.concat(opened, idle.stream().map(pair -> pair + " (" + State.IDLE + ")"))
        .collect(Collectors.joining(", ", "installed: ", ""));
  }
}
