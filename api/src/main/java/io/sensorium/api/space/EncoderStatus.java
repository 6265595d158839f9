package io.sensorium.api.space;

import io.sensorium.api.Modality;

/**
 * One encoder as it stands now.
 *
 * @param modality what it reads
 * @param space where its embeddings live
 * @param dimension the number of components
 * @param model the package's id
 * @param modelVersion the package's version
 * @param state whether it answers
 * @param provider the execution provider that really runs, for instance {@code
 *     CPUExecutionProvider}
 * @param requests answered so far
 * @param meanBatch items per session run so far; 0 before the first
 */
public record EncoderStatus(
    Modality modality,
    SpaceId space,
    int dimension,
    String model,
    String modelVersion,
    State state,
    String provider,
    long requests,
    double meanBatch) {

  /** The life of an encoder. */
  public enum State {
    /** Installed in a space that nobody has asked for yet; the first request opens it. */
    IDLE,
    /** Being opened and tested; not answering yet. */
    STARTING,
    /** Answering. */
    READY,
    /** Finishing what it accepted; taking nothing new. */
    DRAINING,
    /** Kept out of service after a failure. */
    QUARANTINED
  }
}
