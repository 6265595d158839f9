package io.sensorium.space;

import java.util.Comparator;

/** An encoder with a graph of its modality. Immutable. */
record Pair(EncoderEntry encoder, GraphEntry graph) {
  /** The newest package first, and for one graph the newest encoder; rankings go before age. */
  static final Comparator<Pair> NEWEST_FIRST =
      Comparator.comparingInt((Pair pair) -> pair.graph().ranking())
          .thenComparingLong(pair -> pair.graph().serviceId())
          .thenComparingInt(pair -> pair.encoder().ranking())
          .thenComparingLong(pair -> pair.encoder().serviceId())
          .reversed();

  Place place() {
    return graph.place();
  }
}
