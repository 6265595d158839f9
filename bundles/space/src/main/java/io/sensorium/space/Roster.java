package io.sensorium.space;

import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.space.EncoderStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who serves, who opens and who leaves, and who should. Decides, but does nothing itself. Guarded
 * by the registry's lock.
 */
final class Roster {
  /**
   * What follows from a change.
   *
   * @param opening is to be opened
   * @param stepping down because a half of its pair is leaving, once another serves
   * @param unpaired leaves because a half of its pair has left
   * @param replaced leaves because a newer one serves
   */
  record Moves(
      List<Generation> opening,
      List<Generation> stepping,
      List<Generation> unpaired,
      List<Generation> replaced) {
    Moves() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private final EngineContext engine;
  private final Inventory inventory = new Inventory();
  private final Wakefulness wakefulness;
  private final Map<Pair, Generation> current = new LinkedHashMap<>();
  private final List<Generation> leaving = new ArrayList<>();
  private List<Departure> departures = List.of();
  private boolean arriving = true;
  private boolean handingOver = true;

  Roster(EngineContext engine, Wakefulness wakefulness) {
    this.engine = engine;
    this.wakefulness = wakefulness;
  }

  Inventory inventory() {
    return inventory;
  }

  Wakefulness wakefulness() {
    return wakefulness;
  }

  /** Drops pairs that have lost a half, and chooses who is to serve in every place. */
  Moves settle() {
    Moves moves = new Moves();
    dropUnpaired(moves);
    wakefulness.retain(inventory.places());
    inventory.places().stream()
        .filter(wakefulness::isWanted)
        .forEach(place -> choose(place, moves));
    leaving.addAll(moves.unpaired());
    leaving.addAll(moves.replaced());
    return moves;
  }

  private void dropUnpaired(Moves moves) {
    Duration grace = engine.settings().swapGrace();
    long until = System.nanoTime() + grace.toNanos();
    List<Departure> awaited =
        new ArrayList<>(departures.stream().filter(Departure::isAwaited).toList());
    for (Map.Entry<Pair, Generation> entry : List.copyOf(current.entrySet())) {
      Pair pair = entry.getKey();
      if (inventory.holds(pair)) {
        continue;
      }
      if (mayHandOver(entry.getValue())) {
        if (entry.getValue().stepDown(until)) {
          moves.stepping().add(entry.getValue());
        }
      } else {
        current.remove(pair);
        moves.unpaired().add(entry.getValue());
        if (entry.getValue().state() != State.QUARANTINED) {
          awaited.add(new Departure(pair.place(), pair.encoder().reader(), until));
        }
      }
    }
    departures = awaited;
  }

  /** Answers whether it serves and somebody who may take its place does not yet. */
  private boolean mayHandOver(Generation leaving) {
    Place place = leaving.pair().place();
    if (!handingOver || !leaving.answers() || leaving.isOverdue() || !wakefulness.isWanted(place)) {
      return false;
    }
    List<Optional<State>> others =
        inventory.pairs(place).stream()
            .map(pair -> Optional.ofNullable(current.get(pair)).map(Generation::state))
            .toList();
    return !others.contains(Optional.of(State.READY))
        && others.stream().anyMatch(state -> state.isEmpty() || state.get() == State.STARTING);
  }

  /** Lets whoever loses a half of its pair leave at once from now on, for everybody leaves. */
  void endHandingOver() {
    handingOver = false;
  }

  /** Expects nobody any more of whom nothing was heard since the start. */
  void endArrivals() {
    arriving = false;
  }

  /** Forgets departures that nobody waits for any more. */
  void forgetDepartures() {
    departures = departures.stream().filter(Departure::isAwaited).toList();
  }

  /** Walks the pairs of a place from the newest: opens until one serves, drains what is older. */
  private void choose(Place place, Moves moves) {
    boolean served = false;
    boolean started = false;
    for (Pair pair : inventory.pairs(place)) {
      Generation generation = current.get(pair);
      if (served) {
        if (generation != null && generation.state() != State.QUARANTINED) {
          moves.replaced().add(current.remove(pair));
        }
      } else if (generation == null && !started) {
        Generation fresh = new Generation(pair, engine);
        if (serving(place).findAny().isPresent()) {
          fresh.replaces(Swap.BLUE_GREEN);
        }
        current.put(pair, fresh);
        moves.opening().add(fresh);
        started = true;
      } else if (generation != null) {
        served = generation.state() == State.READY;
        started |= generation.state() == State.STARTING;
      }
    }
  }

  /**
   * Puts a generation to sleep.
   *
   * @return false if it has work, or is leaving, or may have to step in for a newcomer that fails
   */
  boolean sleeps(Generation generation) {
    Place place = generation.pair().place();
    if (current.get(generation.pair()) != generation
        || generation.state() != State.READY
        || generation.idle().isZero()
        || of(place, State.STARTING).findAny().isPresent()) {
      return false;
    }
    wakefulness.sleep(place);
    current.remove(generation.pair());
    leaving.add(generation);
    return true;
  }

  /** Lets everybody go who serves in a newcomer's place. */
  List<Generation> makeRoom(Place place) {
    List<Generation> older = serving(place).toList();
    older.forEach(each -> current.remove(each.pair()));
    leaving.addAll(older);
    return older;
  }

  /** Forgets a generation that is closed. */
  void left(Generation closed) {
    leaving.remove(closed);
  }

  /** Completes when everybody who is leaving now has reached an end. */
  CompletableFuture<Void> leaving(
      Predicate<Pair> which, Function<Generation, CompletableFuture<Void>> end) {
    return CompletableFuture.allOf(
        Stream.concat(leaving.stream(), current.values().stream().filter(Generation::stepsDown))
            .filter(generation -> which.test(generation.pair()))
            .map(end)
            .toArray(CompletableFuture[]::new));
  }

  /** Who serves in a place. */
  Stream<Generation> serving(Place place) {
    return of(place, State.READY);
  }

  /** Answers whether somebody is leaving a place. */
  boolean isLeft(Place place) {
    return leaving.stream().anyMatch(each -> each.pair().place().equals(place));
  }

  /** A generation that serves in the newcomer's space with embeddings of another length. */
  Optional<Generation> misfit(Generation newcomer) {
    long dimension = newcomer.dimension();
    return current.values().stream()
        .filter(each -> each.state() == State.READY && !each.stepsDown())
        .filter(each -> each.pair().place().space().equals(newcomer.pair().place().space()))
        .filter(each -> each.dimension() > 0 && dimension > 0 && each.dimension() != dimension)
        .findAny();
  }

  /** Answers whether nobody needs the session of a graph, nor will as soon as an encoder comes. */
  boolean isUnused(GraphEntry graph) {
    boolean used =
        Stream.concat(current.values().stream(), leaving.stream())
            .filter(generation -> generation.state() != State.QUARANTINED)
            .anyMatch(generation -> generation.pair().graph().isSameModel(graph));
    boolean next =
        inventory.holds(graph)
            && wakefulness.isWanted(graph.place())
            && current.keySet().stream().noneMatch(pair -> pair.place().equals(graph.place()));
    return !used && !next;
  }

  private Stream<Generation> of(Place place, State state) {
    return current.values().stream()
        .filter(each -> each.pair().place().equals(place) && each.state() == state);
  }

  /** Everything as it is now. */
  Snapshot snapshot(long version) {
    List<Generation> all =
        Stream.concat(current.values().stream(), leaving.stream())
            .sorted(Comparator.comparing(Generation::pair, Pair.NEWEST_FIRST))
            .toList();
    List<Place> starting =
        current.values().stream()
            .filter(generation -> generation.state() == State.STARTING)
            .map(generation -> generation.pair().place())
            .toList();
    List<Pair> idle =
        inventory.places().stream()
            .filter(place -> !wakefulness.isWanted(place))
            .flatMap(place -> inventory.pairs(place).stream().limit(1))
            .sorted(Pair.NEWEST_FIRST)
            .toList();
    List<MediaClaims.Reader> readers =
        Stream.concat(inventory.readers(), departures.stream().map(Departure::reader)).toList();
    return new Snapshot(
        version, all, starting, idle, departures, arriving, MediaClaims.of(readers));
  }
}
