package io.sensorium.language.decoding;

/** Sums and comparisons over one score for each token; -Infinity stands for never. Stateless. */
final class Scores {
  private Scores() {}

  /** The token with the largest score; of equals that with the lowest id. */
  static int largest(float[] scores) {
    int best = 0;
    for (int token = 1; token < scores.length; token++) {
      if (scores[token] > scores[best]) {
        best = token;
      }
    }
    return best;
  }

  /** A token whose score is NaN or Infinity, or 0 if all of them are -Infinity; -1 for none. */
  static int firstUnusable(float[] scores) {
    boolean some = false;
    for (int token = 0; token < scores.length; token++) {
      float score = scores[token];
      // False for NaN as well.
      if (!(score < Float.POSITIVE_INFINITY)) {
        return token;
      }
      some |= score > Float.NEGATIVE_INFINITY;
    }
    return some ? -1 : 0;
  }

  /** {@code log(sum(exp(scores)))}. */
  static double logSum(float[] scores) {
    double largest = scores[largest(scores)];
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - largest);
    }
    return largest + Math.log(sum);
  }

  /** Makes logits the logarithms of probabilities. */
  static void normalise(float[] logits) {
    double logSum = logSum(logits);
    for (int token = 0; token < logits.length; token++) {
      logits[token] = (float) (logits[token] - logSum);
    }
  }

  /** A number that orders by the key first, the smaller first, and then by the index. */
  static long rank(float key, int index) {
    // Adding zero makes both zeros one.
    int bits = Float.floatToRawIntBits(key + 0f);
    int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
    return (long) ordered << Integer.SIZE | index;
  }
}
