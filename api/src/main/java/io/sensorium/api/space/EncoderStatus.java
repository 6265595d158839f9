package io.sensorium.api.space;

import io.sensorium.api.Modality;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import java.util.Objects;
import java.util.Optional;

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
 * @param step of the protocol that it is at, or at which it failed
 * @param swap how it took another's place; empty if it took none
 * @param reason why it is in quarantine, in one line; empty if it is not
 * @param bundleId the bundle that registered the encoder; 0 if it is not known
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
    double meanBatch,
    Step step,
    Optional<Swap> swap,
    String reason,
    long bundleId) {
  public EncoderStatus {
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(swap, "swap");
    Objects.requireNonNull(reason, "reason");
  }

  /** An encoder of which nothing more is known than whether it answers. */
  public EncoderStatus(
      Modality modality,
      SpaceId space,
      int dimension,
      String model,
      String modelVersion,
      State state,
      String provider,
      long requests,
      double meanBatch) {
    this(
        modality,
        space,
        dimension,
        model,
        modelVersion,
        state,
        provider,
        requests,
        meanBatch,
        stepOf(state),
        Optional.empty(),
        "",
        0);
  }

  private static Step stepOf(State state) {
    return switch (state) {
      case IDLE -> Step.RESOLVE;
      case STARTING -> Step.LOAD;
      case READY -> Step.READY;
      case DRAINING -> Step.DRAIN;
      case QUARANTINED -> Step.QUARANTINED;
    };
  }

  /** The life of an encoder. */
  public enum State {
    /** Installed, but nobody has asked for it for long or at all; the next request opens it. */
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
