package io.sensorium.language.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A deterministic automaton over scalar values, every state of which leads to an accepting one.
 * State 0 is the start. Immutable.
 */
final class CharacterAutomaton {
  /** States that one automaton may have. */
  static final int MAX_STATES = 20_000;

  /** Transitions that one automaton may have. */
  static final int MAX_TRANSITIONS = 400_000;

  /** One state's transitions, sorted by their first scalar values; ranges are disjoint. */
  static final class State {
    private final int[] first;
    private final int[] last;
    private final int[] target;
    private final boolean accepting;

    State(int[] first, int[] last, int[] target, boolean accepting) {
      this.first = first;
      this.last = last;
      this.target = target;
      this.accepting = accepting;
    }

    int edges() {
      return target.length;
    }

    int first(int edge) {
      return first[edge];
    }

    int last(int edge) {
      return last[edge];
    }

    int target(int edge) {
      return target[edge];
    }

    boolean accepting() {
      return accepting;
    }

    /** The edge of a scalar value; -1 for none. */
    int edge(int point) {
      int edge = Arrays.binarySearch(first, point);
      edge = edge >= 0 ? edge : -edge - 2;
      return edge >= 0 && point <= last[edge] ? edge : -1;
    }
  }

  private final State[] states;

  private CharacterAutomaton(State[] states) {
    this.states = states;
  }

  int size() {
    return states.length;
  }

  List<State> states() {
    return List.of(states);
  }

  State state(int index) {
    return states[index];
  }

  /** The language has no text at all. */
  boolean isEmpty() {
    return states.length == 0;
  }

  /**
   * Keeps the states that lie between the first one and an accepting one.
   *
   * @throws IllegalArgumentException if there are too many of them
   */
  static CharacterAutomaton of(List<State> all) {
    boolean[] useful = useful(all);
    if (all.isEmpty() || !useful[0]) {
      return new CharacterAutomaton(new State[0]);
    }
    int[] renamed = new int[all.size()];
    int kept = 0;
    for (int state = 0; state < all.size(); state++) {
      renamed[state] = useful[state] ? kept++ : -1;
    }
    State[] states = new State[kept];
    for (int state = 0; state < all.size(); state++) {
      if (useful[state]) {
        states[renamed[state]] = renamed(all.get(state), renamed);
      }
    }
    return new CharacterAutomaton(states);
  }

  private static State renamed(State state, int[] names) {
    int[] kept =
        IntStream.range(0, state.target.length)
            .filter(index -> names[state.target[index]] >= 0)
            .toArray();
    return new State(
        Arrays.stream(kept).map(index -> state.first[index]).toArray(),
        Arrays.stream(kept).map(index -> state.last[index]).toArray(),
        Arrays.stream(kept).map(index -> names[state.target[index]]).toArray(),
        state.accepting);
  }

  private static boolean[] useful(List<State> all) {
    List<List<Integer>> sources = new ArrayList<>();
    all.forEach(state -> sources.add(new ArrayList<>()));
    Deque<Integer> reached = new ArrayDeque<>();
    boolean[] useful = new boolean[all.size()];
    for (int state = 0; state < all.size(); state++) {
      for (int target : all.get(state).target) {
        sources.get(target).add(state);
      }
      if (all.get(state).accepting) {
        useful[state] = true;
        reached.add(state);
      }
    }
    while (!reached.isEmpty()) {
      for (int source : sources.get(reached.remove())) {
        if (!useful[source]) {
          useful[source] = true;
          reached.add(source);
        }
      }
    }
    return useful;
  }

  /** Exactly these texts. */
  static CharacterAutomaton of(Collection<String> texts) {
    List<TreeMap<Integer, Integer>> edges = new ArrayList<>(List.of(new TreeMap<>()));
    List<Boolean> accepting = new ArrayList<>(List.of(false));
    for (String text : texts) {
      int state = 0;
      for (int point : text.codePoints().toArray()) {
        Integer next = edges.get(state).get(point);
        if (next == null) {
          next = edges.size();
          limit(next, next);
          edges.get(state).put(point, next);
          edges.add(new TreeMap<>());
          accepting.add(false);
        }
        state = next;
      }
      accepting.set(state, true);
    }
    List<State> states = new ArrayList<>();
    for (int state = 0; state < edges.size(); state++) {
      int[] points = edges.get(state).keySet().stream().mapToInt(point -> point).toArray();
      int[] targets = edges.get(state).values().stream().mapToInt(target -> target).toArray();
      states.add(new State(points, points, targets, accepting.get(state)));
    }
    return of(states);
  }

  /** Any text of so many code points; {@link Integer#MAX_VALUE} for no upper limit. */
  static CharacterAutomaton lengths(int minimum, int maximum) {
    int top = maximum == Integer.MAX_VALUE ? minimum : maximum;
    limit(top, top);
    List<State> states = new ArrayList<>();
    for (int count = 0; count <= top; count++) {
      int next = count < top ? count + 1 : maximum == Integer.MAX_VALUE ? count : -1;
      CodePoints points = next < 0 ? CodePoints.NONE : CodePoints.ALL;
      int[] first = new int[points.ranges()];
      int[] last = new int[points.ranges()];
      int[] target = new int[points.ranges()];
      for (int range = 0; range < first.length; range++) {
        first[range] = points.first(range);
        last[range] = points.last(range);
        target[range] = next;
      }
      states.add(new State(first, last, target, count >= minimum));
    }
    return of(states);
  }

  static void limit(int states, long transitions) {
    if (states > MAX_STATES || transitions > MAX_TRANSITIONS) {
      throw new IllegalArgumentException(
          "needs more than %,d states or %,d transitions".formatted(MAX_STATES, MAX_TRANSITIONS));
    }
  }

  /**
   * The texts that are in both languages.
   *
   * @throws IllegalArgumentException if that takes too many states
   */
  CharacterAutomaton and(CharacterAutomaton other, Effort effort) {
    if (this == other || isEmpty() || other.isEmpty()) {
      return isEmpty() ? this : other;
    }
    Map<Long, Integer> names = new HashMap<>(Map.of(0L, 0));
    List<Long> found = new ArrayList<>(List.of(0L));
    List<State> product = new ArrayList<>();
    long transitions = 0;
    for (int index = 0; index < found.size(); index++) {
      long pair = found.get(index);
      State mine = states[(int) (pair >>> 32)];
      State theirs = other.states[(int) pair];
      State both = product(mine, theirs, names, found);
      product.add(both);
      transitions += both.target.length;
      effort.spend(1 + mine.target.length + theirs.target.length);
      limit(found.size(), transitions);
    }
    return of(product);
  }

  private static State product(
      State mine, State theirs, Map<Long, Integer> names, List<Long> found) {
    int most = mine.target.length + theirs.target.length;
    int[] first = new int[most];
    int[] last = new int[most];
    int[] target = new int[most];
    int filled = 0;
    int left = 0;
    int right = 0;
    while (left < mine.target.length && right < theirs.target.length) {
      int from = Math.max(mine.first[left], theirs.first[right]);
      int to = Math.min(mine.last[left], theirs.last[right]);
      if (from <= to) {
        long pair = ((long) mine.target[left] << 32) | theirs.target[right];
        Integer name = names.putIfAbsent(pair, found.size());
        if (name == null) {
          name = found.size();
          found.add(pair);
        }
        first[filled] = from;
        last[filled] = to;
        target[filled++] = name;
      }
      if (mine.last[left] < theirs.last[right]) {
        left++;
      } else {
        right++;
      }
    }
    return new State(
        Arrays.copyOf(first, filled),
        Arrays.copyOf(last, filled),
        Arrays.copyOf(target, filled),
        mine.accepting && theirs.accepting);
  }
}
