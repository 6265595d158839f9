package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;

/**
 * Stretches a signal as torch's {@code interpolate(mode="bicubic", align_corners=True)} does along
 * one axis: each result is a cubic of the four nearest values, the first and last of which stay.
 *
 * @param from how many values there are
 * @param to how many are wanted, more than one
 */
record TimeResize(int from, int to) {
  private static final int TAPS = 4;

  /** Torch's; Pillow's is -0.5. */
  private static final float SHARPNESS = -0.75f;

  /** Along the last axis: {@code [n, c, from]} to {@code [n, c, to]}. */
  Value write(Draft draft, String layer, Value x) {
    if (from == to) {
      return x;
    }
    long[] sources = new long[TAPS * to];
    float[] factors = new float[TAPS * to];
    // Torch reckons in float32, so that some results lie between other values than one expects.
    float step = (float) (from - 1) / (to - 1);
    for (int i = 0; i < to; i++) {
      float position = step * i;
      int before = Math.min((int) position, from - 1);
      float fraction = Math.clamp(position - before, 0f, 1f);
      for (int tap = 0; tap < TAPS; tap++) {
        sources[tap * to + i] = Math.clamp((long) before - 1 + tap, 0, from - 1);
        factors[tap * to + i] = factor(Math.abs(fraction + 1 - tap));
      }
    }
    GraphBuilder graph = draft.graph();
    Shape taps = Shape.of(TAPS, to);
    String name = "resize %d to %d".formatted(from, to);
    Value indices = graph.constant(name + " sources", Tensor.ofLongs(taps, sources));
    Value weights = graph.constant(name + " factors", Tensor.ofFloats(taps, factors));
    Value gathered =
        graph
            .node("Gather")
            .in(x, indices)
            .with("axis", 2)
            .out(layer, x.type(), Shape.of(Shape.DYNAMIC, x.shape().dimension(1), TAPS, to));
    Operators operators = draft.operators();
    Value summed = operators.sum(layer, operators.multiply(layer, gathered, weights), 2);
    return operators.reshape(layer, summed, 0, x.shape().dimension(1), to);
  }

  /** The cubic convolution kernel (Keys, 1981) at a distance below 2. */
  private static float factor(float distance) {
    float a = SHARPNESS;
    return distance <= 1
        ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
        : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  }
}
