package io.sensorium.language.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/** The texts of an automaton, with the lengths of the shortest of them. Immutable. */
final class SpelledAutomaton implements StringLanguage {
  private final CharacterAutomaton automaton;
  private final Spelling spelling;
  private final int[] distances;

  /** Prepares a language that is not empty. */
  SpelledAutomaton(CharacterAutomaton automaton, Spelling spelling) {
    this.automaton = automaton;
    this.spelling = spelling;
    this.distances = new int[automaton.size()];
    fillDistances();
  }

  private record Way(int bytes, int state) {}

  private void fillDistances() {
    Arrays.fill(distances, Spelling.NEVER);
    List<List<Way>> sources = new ArrayList<>();
    automaton.states().forEach(state -> sources.add(new ArrayList<>()));
    PriorityQueue<Way> queue = new PriorityQueue<>((a, b) -> Integer.compare(a.bytes, b.bytes));
    for (int source = 0; source < automaton.size(); source++) {
      CharacterAutomaton.State state = automaton.state(source);
      for (int edge = 0; edge < state.edges(); edge++) {
        int point = spelling.cheapest(state.first(edge), state.last(edge));
        sources.get(state.target(edge)).add(new Way(spelling.bytes(point), source));
      }
      if (state.accepting()) {
        distances[source] = 0;
        queue.add(new Way(0, source));
      }
    }
    while (!queue.isEmpty()) {
      Way nearest = queue.remove();
      if (nearest.bytes > distances[nearest.state]) {
        continue;
      }
      for (Way source : sources.get(nearest.state)) {
        int bytes = nearest.bytes + source.bytes;
        if (bytes < distances[source.state]) {
          distances[source.state] = bytes;
          queue.add(new Way(bytes, source.state));
        }
      }
    }
  }

  @Override
  public int start() {
    return 0;
  }

  @Override
  public int next(int state, int point) {
    int edge = automaton.state(state).edge(point);
    return edge < 0 ? -1 : automaton.state(state).target(edge);
  }

  @Override
  public boolean accepts(int state) {
    return automaton.state(state).accepting();
  }

  @Override
  public int distance(int state) {
    return distances[state];
  }

  @Override
  public int best(int state, int first, int last) {
    CharacterAutomaton.State at = automaton.state(state);
    int best = -1;
    int bytes = Spelling.NEVER;
    for (int edge = 0; edge < at.edges(); edge++) {
      int point = spelling.cheapest(Math.max(first, at.first(edge)), Math.min(last, at.last(edge)));
      if (point >= 0) {
        int way = spelling.bytes(point) + distances[at.target(edge)];
        if (best < 0 || way < bytes) {
          best = point;
          bytes = way;
        }
      }
    }
    return best;
  }

  @Override
  public int free(int state) {
    return 0;
  }
}
