package io.sensorium.models.training;

import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Figures of nearest neighbours among unit rows of {@link TextHead#WIDTH}. */
final class Ranking {
  private Ranking() {}

  /** Whether item {@code candidate} is a right answer to query {@code query}. */
  @FunctionalInterface
  interface Truth {
    boolean holds(int query, int candidate);
  }

  /** The row of {@code rows} nearest to row {@code query} of {@code queries}. */
  static int nearest(float[] queries, int query, float[] rows) {
    int best = -1;
    float highest = Float.NEGATIVE_INFINITY;
    for (int row = 0; row < rows.length / TextHead.WIDTH; row++) {
      float score = Vectors.dot(queries, query, rows, row, TextHead.WIDTH);
      if (score > highest) {
        highest = score;
        best = row;
      }
    }
    return best;
  }

  /**
   * The share of queries with a right answer among the first {@code depth}, in percent. Queries
   * without any right answer are left out.
   */
  static double recall(float[] queries, float[] rows, int depth, Truth truth) {
    int asked = 0;
    int found = 0;
    for (int query = 0; query < queries.length / TextHead.WIDTH; query++) {
      int number = query;
      int rank = rankOfFirst(queries, query, rows, row -> truth.holds(number, row));
      if (rank >= 0) {
        asked++;
        found += rank < depth ? 1 : 0;
      }
    }
    return asked == 0 ? 0 : 100.0 * found / asked;
  }

  /**
   * The share of right answers among the first {@code depth} of every query, in percent. Queries
   * with fewer right answers than that are left out.
   */
  static double precision(float[] queries, float[] rows, int depth, Truth truth) {
    int count = rows.length / TextHead.WIDTH;
    long asked = 0;
    long found = 0;
    for (int query = 0; query < queries.length / TextHead.WIDTH; query++) {
      int number = query;
      if (IntStream.range(0, count).filter(row -> truth.holds(number, row)).count() >= depth) {
        asked++;
        found +=
            IntStream.range(0, count)
                .boxed()
                .sorted(
                    Comparator.comparingDouble(
                        row -> -Vectors.dot(queries, number, rows, row, TextHead.WIDTH)))
                .limit(depth)
                .filter(row -> truth.holds(number, row))
                .count();
      }
    }
    return asked == 0 ? 0 : 100.0 * found / (asked * depth);
  }

  /** How many rows lie nearer than the nearest right one, or -1 where none is right. */
  private static int rankOfFirst(float[] queries, int query, float[] rows, IntPredicate right) {
    int count = rows.length / TextHead.WIDTH;
    var scores = new float[count];
    float best = Float.NEGATIVE_INFINITY;
    boolean any = false;
    for (int row = 0; row < count; row++) {
      scores[row] = Vectors.dot(queries, query, rows, row, TextHead.WIDTH);
      if (right.test(row)) {
        any = true;
        best = Math.max(best, scores[row]);
      }
    }
    if (!any) {
      return -1;
    }
    int nearer = 0;
    for (float score : scores) {
      nearer += score > best ? 1 : 0;
    }
    return nearer;
  }
}
