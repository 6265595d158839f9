package io.sensorium.host.bench.hotplug;

import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Requests of one modality whose right answers are known. Thread-safe. */
interface Traffic {
  /** What the figures call it. */
  String name();

  /** A request and what is right for it. */
  Sent next(RandomGenerator random);

  /** Asks everything once while one version alone serves, where answers must be known before. */
  default void learn(int version, Function<EncodeRequest, Embedding> service) {}

  /**
   * One request.
   *
   * @param judge of its answer
   */
  record Sent(EncodeRequest request, Judge judge) {}

  /** Says who answered. */
  @FunctionalInterface
  interface Judge {
    /** What {@link #version} answers for an answer that no single version gives. */
    int MIXED = -1;

    /** The version that gave this answer, or {@link #MIXED}. */
    int version(Embedding answer);
  }
}
