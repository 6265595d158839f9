package io.sensorium.language.decoding;

import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The hidden states of a text so far, at length 1. One thread at a time. */
final class HiddenContext {
  private final int width;
  private float[] rows = {};
  private int count;

  HiddenContext(int width) {
    this.width = width;
  }

  /**
   * Appends states.
   *
   * @param states {@code float32[n, width]}
   */
  void add(Tensor states) {
    int added = (int) states.shape().dimension(0);
    if ((count + added) * width > rows.length) {
      rows = Arrays.copyOf(rows, Math.max(2 * rows.length, (count + added) * width));
    }
    FloatBuffer values = states.asFloats();
    values.get(rows, count * width, added * width);
    for (int row = 0; row < added; row++) {
      normalise(rows, (count + row) * width);
    }
    count += added;
  }

  /** The largest cosine between a state {@code float32[1, width]} and those so far. */
  double likeness(Tensor state) {
    float[] candidate = new float[width];
    state.asFloats().get(candidate);
    normalise(candidate, 0);
    float largest = -1;
    for (int row = 0; row < count; row++) {
      largest = Math.max(largest, dot(candidate, row * width));
    }
    return largest;
  }

  private void normalise(float[] values, int from) {
    double squares = 0;
    for (int i = from; i < from + width; i++) {
      squares += (double) values[i] * values[i];
    }
    float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
    for (int i = from; i < from + width; i++) {
      values[i] *= scale;
    }
  }

  /** Four sums side by side, since additions of one would wait for each other. */
  private float dot(float[] candidate, int from) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < width; i += 4) {
      a += candidate[i] * rows[from + i];
      b += candidate[i + 1] * rows[from + i + 1];
      c += candidate[i + 2] * rows[from + i + 2];
      d += candidate[i + 3] * rows[from + i + 3];
    }
    for (; i < width; i++) {
      a += candidate[i] * rows[from + i];
    }
    return a + b + c + d;
  }
}
