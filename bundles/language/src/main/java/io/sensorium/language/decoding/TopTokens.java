package io.sensorium.language.decoding;

import java.util.Arrays;

/** Finds the tokens with the largest scores in one pass, without sorting the others. Stateless. */
final class TopTokens {
  private TopTokens() {}

  /**
   * The tokens with the largest scores, best first; of equals those with lower ids. Tokens with
   * -Infinity are left out.
   *
   * @param count at most so many
   */
  static int[] of(float[] scores, int count) {
    long[] heap = new long[Math.min(count, scores.length)];
    int size = 0;
    for (int token = 0; token < scores.length; token++) {
      float score = scores[token];
      if (score == Float.NEGATIVE_INFINITY) {
        continue;
      }
      if (size < heap.length) {
        heap[size++] = Scores.rank(-score, token);
        if (size == heap.length) {
          heapify(heap);
        }
      } else if (size > 0) {
        long rank = Scores.rank(-score, token);
        if (rank < heap[0]) {
          heap[0] = rank;
          sift(heap, 0);
        }
      }
    }
    Arrays.sort(heap, 0, size);
    int[] best = new int[size];
    for (int i = 0; i < size; i++) {
      best[i] = (int) heap[i];
    }
    return best;
  }

  private static void heapify(long[] heap) {
    for (int i = heap.length / 2 - 1; i >= 0; i--) {
      sift(heap, i);
    }
  }

  /** Keeps the worst on top. */
  private static void sift(long[] heap, int from) {
    long value = heap[from];
    int at = from;
    while (2 * at + 1 < heap.length) {
      int child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= value) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = value;
  }
}
