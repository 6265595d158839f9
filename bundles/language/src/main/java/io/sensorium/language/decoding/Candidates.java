package io.sensorium.language.decoding;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The tokens among which one is drawn, by id, with weights that are proportional to their
 * probabilities. Memory is kept from token to token. One thread at a time.
 *
 * <p>What a filter keeps is the shortest beginning of a ranking whose weights reach a sum. Only
 * where that beginning ends is looked for, by halving as quickselect does (Hoare, "Algorithm 65:
 * Find", 1961), so that the ranking is never sorted.
 */
final class Candidates {
  private int[] tokens = {};
  // Relative to the best one's, and their natural logarithms.
  private double[] weights = {};
  private float[] logWeights = {};
  private long[] ranks = {};
  private final BitSet kept = new BitSet();
  private int count;

  int count() {
    return count;
  }

  int token(int index) {
    return tokens[index];
  }

  /** A token's probability among the candidates. */
  double probability(int index) {
    return weights[index] / sum();
  }

  /**
   * Begins with the tokens of the largest scores, at most {@code most} of them. A weight of 1 is
   * the best one's.
   */
  void begin(float[] scores, int most) {
    if (tokens.length < scores.length) {
      tokens = new int[scores.length];
      weights = new double[scores.length];
      logWeights = new float[scores.length];
      ranks = new long[scores.length];
    }
    if (most < scores.length) {
      int[] top = TopTokens.of(scores, most);
      Arrays.sort(top);
      count = top.length;
      System.arraycopy(top, 0, tokens, 0, count);
    } else {
      count = 0;
      for (int token = 0; token < scores.length; token++) {
        if (scores[token] > Float.NEGATIVE_INFINITY) {
          tokens[count++] = token;
        }
      }
    }
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, scores[tokens[i]]);
    }
    for (int i = 0; i < count; i++) {
      logWeights[i] = scores[tokens[i]] - largest;
      weights[i] = Math.exp(logWeights[i]);
    }
  }

  /** Keeps the most probable tokens whose probabilities reach a sum. */
  void keepTop(double share) {
    double sum = sum();
    // All tokens below this are together less than what may be left out.
    double least = (1 - share) * sum / count;
    int ranked = 0;
    for (int i = 0; i < count; i++) {
      if (weights[i] >= least) {
        ranks[ranked++] = Scores.rank(-logWeights[i], i);
      }
    }
    keep(ranked, share * sum);
  }

  /** Keeps tokens of at least this share of the best one's probability. */
  void keepShareOfBest(double share) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (weights[i] >= share) {
        move(i, kept++);
      }
    }
    count = kept;
  }

  /**
   * Keeps the tokens whose information is nearest to the entropy, until their probabilities reach a
   * sum.
   */
  void keepTypical(double share) {
    double sum = sum();
    double logSum = Math.log(sum);
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      entropy += weights[i] / sum * (logSum - logWeights[i]);
    }
    for (int i = 0; i < count; i++) {
      double information = logSum - logWeights[i];
      ranks[i] = Scores.rank((float) Math.abs(information - entropy), i);
    }
    keep(count, share * sum);
  }

  /** Draws a token by a number in [0, 1): the weights laid end to end in the order of ids. */
  int draw(double uniform) {
    double left = uniform * sum();
    int last = 0;
    for (int i = 0; i < count; i++) {
      left -= weights[i];
      if (left < 0) {
        return tokens[i];
      }
      last = weights[i] > 0 ? i : last;
    }
    // Rounding may leave a little.
    return tokens[last];
  }

  private double sum() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
    }
    return sum;
  }

  private void keep(int ranked, double sum) {
    int beginning = beginning(ranked, sum);
    kept.clear();
    for (int i = 0; i < beginning; i++) {
      kept.set((int) ranks[i]);
    }
    int to = 0;
    for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
      move(i, to++);
    }
    count = to;
  }

  /**
   * Puts the shortest beginning whose weights reach a sum before the others.
   *
   * @return its length, at least 1
   */
  private int beginning(int ranked, double sum) {
    int from = 0;
    int to = ranked;
    double missing = sum;
    while (to - from > 1) {
      int middle = partition(from, to);
      double before = 0;
      for (int i = from; i < middle; i++) {
        before += weights[(int) ranks[i]];
      }
      if (before >= missing) {
        to = middle;
      } else if (before + weights[(int) ranks[middle]] >= missing) {
        return middle + 1;
      } else {
        missing -= before + weights[(int) ranks[middle]];
        from = middle + 1;
      }
    }
    return Math.max(1, to);
  }

  /** Puts lower ranks before one of them and higher ones behind it, and answers where it is. */
  private int partition(int from, int to) {
    int last = to - 1;
    swap(medianOfThree(from, (from + last) >>> 1, last), last);
    long pivot = ranks[last];
    int at = from;
    for (int i = from; i < last; i++) {
      if (ranks[i] < pivot) {
        swap(i, at++);
      }
    }
    swap(at, last);
    return at;
  }

  private int medianOfThree(int one, int two, int three) {
    long a = ranks[one];
    long b = ranks[two];
    long c = ranks[three];
    if (a < b == b < c) {
      return two;
    }
    return b < a == a < c ? one : three;
  }

  private void swap(int one, int other) {
    long rank = ranks[one];
    ranks[one] = ranks[other];
    ranks[other] = rank;
  }

  private void move(int from, int to) {
    tokens[to] = tokens[from];
    weights[to] = weights[from];
    logWeights[to] = logWeights[from];
  }
}
