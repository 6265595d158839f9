package io.sensorium.space;

import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.space.EncoderStatus;
import java.util.Comparator;
import java.util.Optional;

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

  /** How it stands before it was opened. */
  EncoderStatus idle() {
    return new EncoderStatus(
        place().modality(),
        place().space(),
        graph.declaredDimension(),
        graph.model().id(),
        graph.model().version(),
        EncoderStatus.State.IDLE,
        "",
        0,
        0,
        Step.RESOLVE,
        Optional.empty(),
        "",
        encoder.bundleId());
  }

  /** What listeners are told about. */
  PlugIn plugIn(long generation) {
    return new PlugIn(
        PlugIn.Kind.ENCODER,
        place().modality() + "/" + graph.model().id(),
        graph.model().version(),
        encoder.bundleId(),
        generation);
  }

  /** For instance {@code image in world@1 by world-image 1}. */
  @Override
  public String toString() {
    return place() + " by " + graph.graph();
  }
}
