package io.sensorium.language.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A set of Unicode scalar values (surrogates are none) as sorted ranges that do not touch.
 * Immutable.
 */
final class CodePoints {
  static final CodePoints NONE = new CodePoints(new int[0]);
  static final CodePoints ALL =
      new CodePoints(
          new int[] {
            0, Character.MIN_SURROGATE - 1, Character.MAX_SURROGATE + 1, Character.MAX_CODE_POINT
          });

  /** First and last of each range, in turn. */
  private final int[] bounds;

  private CodePoints(int[] bounds) {
    this.bounds = bounds;
  }

  /** The scalar values in first..last. */
  static CodePoints range(int first, int last) {
    return union(List.of(new int[] {first, last})).and(ALL);
  }

  /** Each of the text's code points. */
  static CodePoints of(String text) {
    return union(text.codePoints().mapToObj(point -> new int[] {point, point}).toList()).and(ALL);
  }

  int ranges() {
    return bounds.length / 2;
  }

  int first(int range) {
    return bounds[2 * range];
  }

  int last(int range) {
    return bounds[2 * range + 1];
  }

  boolean isEmpty() {
    return bounds.length == 0;
  }

  CodePoints or(CodePoints other) {
    List<int[]> all = new ArrayList<>(list());
    all.addAll(other.list());
    return union(all);
  }

  /** What is in any of these sets. */
  static CodePoints any(List<CodePoints> sets) {
    List<int[]> all = new ArrayList<>();
    sets.forEach(set -> all.addAll(set.list()));
    return union(all);
  }

  CodePoints and(CodePoints other) {
    List<int[]> both = new ArrayList<>();
    int mine = 0;
    int theirs = 0;
    while (mine < ranges() && theirs < other.ranges()) {
      int first = Math.max(first(mine), other.first(theirs));
      int last = Math.min(last(mine), other.last(theirs));
      if (first <= last) {
        both.add(new int[] {first, last});
      }
      if (last(mine) < other.last(theirs)) {
        mine++;
      } else {
        theirs++;
      }
    }
    return union(both);
  }

  /** All scalar values that are not in this set. */
  CodePoints not() {
    List<int[]> gaps = new ArrayList<>();
    int next = 0;
    for (int range = 0; range < ranges(); range++) {
      if (first(range) > next) {
        gaps.add(new int[] {next, first(range) - 1});
      }
      next = last(range) + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      gaps.add(new int[] {next, Character.MAX_CODE_POINT});
    }
    return union(gaps).and(ALL);
  }

  private List<int[]> list() {
    List<int[]> list = new ArrayList<>(ranges());
    for (int range = 0; range < ranges(); range++) {
      list.add(new int[] {first(range), last(range)});
    }
    return list;
  }

  private static CodePoints union(List<int[]> ranges) {
    List<int[]> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingInt(range -> range[0]));
    int[] joined = new int[2 * sorted.size()];
    int filled = 0;
    for (int[] range : sorted) {
      if (filled > 0 && range[0] <= joined[filled - 1] + 1) {
        joined[filled - 1] = Math.max(joined[filled - 1], range[1]);
      } else {
        joined[filled++] = range[0];
        joined[filled++] = range[1];
      }
    }
    return new CodePoints(Arrays.copyOf(joined, filled));
  }
}
