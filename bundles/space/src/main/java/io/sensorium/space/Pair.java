package io.sensorium.space;

import java.util.Comparator;

/** An encoder with a package of its modality. Immutable. */
record Pair(EncoderEntry encoder, PackageEntry model) {
  /** The newest package first, and for one package the newest encoder; rankings go before age. */
  static final Comparator<Pair> NEWEST_FIRST =
      Comparator.comparingInt((Pair pair) -> pair.model().ranking())
          .thenComparingLong(pair -> pair.model().serviceId())
          .thenComparingInt(pair -> pair.encoder().ranking())
          .thenComparingLong(pair -> pair.encoder().serviceId())
          .reversed();

  Place place() {
    return model.place();
  }
}
