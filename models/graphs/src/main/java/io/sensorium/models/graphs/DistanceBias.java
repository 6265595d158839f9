package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;

/**
 * What attention adds for the distance between two tokens: near distances have a bucket each, far
 * ones share buckets that widen with the logarithm (Raffel et al., arXiv:1910.10683). Stateless.
 */
final class DistanceBias {
  private static final double FARTHEST = 128;

  private DistanceBias() {}

  /**
   * Writes the bias.
   *
   * @param table {@code [buckets, heads]}
   * @param length the tokens in a sequence, {@code int64[1]}
   * @param longest the largest length
   * @return {@code [1, heads, s, s]}
   */
  static Value write(Draft draft, String name, Value table, Value length, int longest) {
    Operators operators = draft.operators();
    GraphBuilder graph = draft.graph();
    int buckets = (int) table.shape().dimension(0);
    int distances = 2 * longest - 1;
    Value bucketOf = graph.constant(name + ".buckets", buckets(longest, buckets));
    Value byDistance =
        operators.reshape(name, operators.rows(name, table, bucketOf), distances, table.width());
    Value places =
        operators.first(name, graph.constant(name + ".places", places(longest)), 0, length);
    Value fromStart =
        operators.add(name, operators.unsqueeze(name, places, 0), graph.scalar((long) longest - 1));
    Value distance =
        graph
            .node("Sub")
            .in(fromStart, operators.unsqueeze(name, places, 1))
            .out(name, places.type(), Shape.of(Shape.DYNAMIC, Shape.DYNAMIC));
    Value bias = operators.rows(name, byDistance, distance);
    return operators.unsqueeze(name, operators.transpose(name, bias, 2, 0, 1), 0);
  }

  private static Tensor places(int longest) {
    long[] places = new long[longest];
    for (int i = 0; i < longest; i++) {
      places[i] = i;
    }
    return Tensor.ofLongs(Shape.of(longest), places);
  }

  /** The bucket of every distance from {@code 1 - longest} to {@code longest - 1}, in a row. */
  private static Tensor buckets(int longest, int count) {
    long[] buckets = new long[2 * longest - 1];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = bucket(i - (longest - 1), count);
    }
    return Tensor.ofLongs(Shape.of(1, buckets.length), buckets);
  }

  /** In float32 as the reference, whose rounding decides at the borders of buckets. */
  private static int bucket(int distance, int count) {
    int half = count / 2;
    int near = half / 2;
    int far = Math.abs(distance);
    int bucket = far;
    if (far >= near) {
      float logarithm = (float) Math.log((float) far / near);
      float scaled = logarithm / (float) Math.log(FARTHEST / near) * (half - near);
      bucket = Math.min(near + (int) scaled, half - 1);
    }
    return distance > 0 ? half + bucket : bucket;
  }
}
