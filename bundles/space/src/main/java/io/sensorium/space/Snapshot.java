package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncoderStatus.State;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the registry knows at one moment. Immutable, but for the states of the generations.
 *
 * @param version grows with every change
 * @param generations every one that is not gone, the newest first
 * @param departures what left and may come back
 * @param claims who reads what
 */
record Snapshot(
    long version, List<Generation> generations, List<Departure> departures, MediaClaims claims) {
  static final Snapshot EMPTY = new Snapshot(0, List.of(), List.of(), MediaClaims.of(List.of()));

  Snapshot {
    generations = List.copyOf(generations);
    departures = List.copyOf(departures);
  }

  /** The newest generation that answers for the modality and space. */
  Optional<Generation> ready(Modality modality, String space) {
    return generations.stream()
        .filter(generation -> generation.state() == State.READY)
        .filter(generation -> generation.pair().place().serves(modality, space))
        .findFirst();
  }

  /** Answers whether a generation for the modality and space may become ready soon. */
  boolean isAwaited(Modality modality, String space) {
    return generations.stream()
            .filter(generation -> generation.state() == State.STARTING)
            .anyMatch(generation -> generation.pair().place().serves(modality, space))
        || departures.stream()
            .filter(Departure::isAwaited)
            .anyMatch(departure -> departure.place().serves(modality, space));
  }

  boolean knowsSpace(String space) {
    return generations.stream().anyMatch(generation -> generation.pair().place().isIn(space));
  }

  /** What is installed, for messages. */
  String inventory() {
    if (generations.isEmpty()) {
      return "nothing is installed";
    }
    return generations.stream()
        .map(
            generation ->
                generation
                    + " ("
                    + generation.state()
                    + (generation.reason().isEmpty() ? "" : ": " + generation.reason())
                    + ")")
        .collect(Collectors.joining(", ", "installed: ", ""));
  }
}
