package io.sensorium.language.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Makes a deterministic automaton of a pattern, which may match anywhere in a text: Thompson's
 * construction, then sets of states. The begin and the end of the text count as two characters of
 * their own, so that anchors are characters, too. One thread at a time.
 */
final class PatternAutomaton {
  /** States of the automaton that is not deterministic. */
  static final int MAX_STEPS = 20_000;

  private static final int BEGIN = -2;
  private static final int END = -1;

  /** An edge for each range of characters; anchors stand below 0. */
  private record Edge(int first, int last, int target) {}

  private final List<List<Edge>> edges = new ArrayList<>();
  private final List<List<Integer>> jumps = new ArrayList<>();
  private final Effort effort;

  private PatternAutomaton(Effort effort) {
    this.effort = effort;
  }

  /**
   * The texts in which a pattern of ECMA 262 matches.
   *
   * @throws IllegalArgumentException if it cannot be read or needs too many states
   */
  static CharacterAutomaton of(String pattern, Effort effort) {
    Pattern parsed = Pattern.parse(pattern);
    try {
      PatternAutomaton automaton = new PatternAutomaton(effort);
      int start = automaton.state();
      automaton.anything(start);
      int accept = automaton.add(parsed, start);
      int end = automaton.state();
      automaton.jumps.get(accept).add(end);
      automaton.anything(end);
      return automaton.determined(start, end);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' %s"
              .formatted(
                  pattern.length() <= 80 ? pattern : pattern.substring(0, 80) + "...",
                  e.getMessage()),
          e);
    }
  }

  private int state() {
    if (edges.size() >= MAX_STEPS) {
      throw new IllegalArgumentException("needs more than %,d steps".formatted(MAX_STEPS));
    }
    edges.add(new ArrayList<>());
    jumps.add(new ArrayList<>());
    return edges.size() - 1;
  }

  private void anything(int state) {
    edges.get(state).add(new Edge(BEGIN, END, state));
    addEdges(state, CodePoints.ALL, state);
  }

  private void addEdges(int from, CodePoints points, int to) {
    for (int range = 0; range < points.ranges(); range++) {
      edges.get(from).add(new Edge(points.first(range), points.last(range), to));
    }
  }

  /** Adds a pattern behind a state; answers the state after it. */
  private int add(Pattern pattern, int from) {
    return switch (pattern) {
      case Pattern.One one -> {
        int to = state();
        addEdges(from, one.points(), to);
        yield to;
      }
      case Pattern.Begin begin -> anchor(from, BEGIN);
      case Pattern.End end -> anchor(from, END);
      case Pattern.Sequence sequence -> {
        int to = from;
        for (Pattern part : sequence.parts()) {
          to = add(part, to);
        }
        yield to;
      }
      case Pattern.Either either -> {
        int to = state();
        for (Pattern part : either.parts()) {
          int begin = state();
          jumps.get(from).add(begin);
          jumps.get(add(part, begin)).add(to);
        }
        yield to;
      }
      case Pattern.Repeat repeat -> repeat(repeat, from);
    };
  }

  private int anchor(int from, int symbol) {
    int to = state();
    edges.get(from).add(new Edge(symbol, symbol, to));
    return to;
  }

  private int repeat(Pattern.Repeat repeat, int from) {
    int to = from;
    for (int count = 0; count < repeat.minimum(); count++) {
      to = add(repeat.part(), to);
    }
    if (repeat.maximum() < 0) {
      int loop = state();
      jumps.get(to).add(loop);
      jumps.get(add(repeat.part(), loop)).add(loop);
      int after = state();
      jumps.get(loop).add(after);
      return after;
    }
    int after = state();
    jumps.get(to).add(after);
    for (int count = repeat.minimum(); count < repeat.maximum(); count++) {
      int begin = state();
      jumps.get(to).add(begin);
      to = add(repeat.part(), begin);
      jumps.get(to).add(after);
    }
    return after;
  }

  private CharacterAutomaton determined(int start, int end) {
    BitSet first = new BitSet();
    first.set(start);
    BitSet begun = after(closed(first), BEGIN);
    Map<BitSet, Integer> names = new HashMap<>(Map.of(begun, 0));
    List<BitSet> found = new ArrayList<>(List.of(begun));
    List<CharacterAutomaton.State> states = new ArrayList<>();
    long transitions = 0;
    for (int index = 0; index < found.size(); index++) {
      BitSet set = found.get(index);
      CharacterAutomaton.State state = state(set, names, found, after(set, END).get(end));
      states.add(state);
      transitions += state.edges();
      CharacterAutomaton.limit(found.size(), transitions);
    }
    return CharacterAutomaton.of(states);
  }

  private CharacterAutomaton.State state(
      BitSet set, Map<BitSet, Integer> names, List<BitSet> found, boolean accepting) {
    TreeSet<Integer> borders = new TreeSet<>();
    set.stream()
        .forEach(
            state ->
                edges
                    .get(state)
                    .forEach(
                        edge -> {
                          borders.add(edge.first);
                          borders.add(edge.last + 1);
                        }));
    List<int[]> ranges = new ArrayList<>();
    Integer previous = null;
    for (int border : borders) {
      if (previous != null && previous >= 0) {
        BitSet next = after(set, previous);
        if (!next.isEmpty()) {
          Integer name = names.putIfAbsent(next, found.size());
          if (name == null) {
            name = found.size();
            found.add(next);
          }
          int[] last = ranges.isEmpty() ? null : ranges.getLast();
          if (last != null && last[1] == previous - 1 && last[2] == name) {
            last[1] = border - 1;
          } else {
            ranges.add(new int[] {previous, border - 1, name});
          }
        }
      }
      previous = border;
    }
    return new CharacterAutomaton.State(
        ranges.stream().mapToInt(range -> range[0]).toArray(),
        ranges.stream().mapToInt(range -> range[1]).toArray(),
        ranges.stream().mapToInt(range -> range[2]).toArray(),
        accepting);
  }

  private BitSet after(BitSet set, int symbol) {
    BitSet next = new BitSet();
    for (int state = set.nextSetBit(0); state >= 0; state = set.nextSetBit(state + 1)) {
      List<Edge> out = edges.get(state);
      effort.spend(out.size() + 1);
      for (Edge edge : out) {
        if (edge.first <= symbol && symbol <= edge.last) {
          next.set(edge.target);
        }
      }
    }
    return closed(next);
  }

  private BitSet closed(BitSet set) {
    Deque<Integer> open = new ArrayDeque<>();
    set.stream().forEach(open::add);
    while (!open.isEmpty()) {
      for (int target : jumps.get(open.remove())) {
        effort.spend(1);
        if (!set.get(target)) {
          set.set(target);
          open.add(target);
        }
      }
    }
    return set;
  }
}
