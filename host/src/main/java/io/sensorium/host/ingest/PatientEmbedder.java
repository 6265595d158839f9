package io.sensorium.host.ingest;

import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Embeds, and tries again while a full queue or a changing bundle is all that is in the way. */
final class PatientEmbedder {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EmbeddingService embeddings;
  private final Duration timeout;
  private final RequestContext whole;

  /**
   * @param timeout for one item, all tries together
   * @param whole the request that the items belong to
   */
  PatientEmbedder(EmbeddingService embeddings, Duration timeout, RequestContext whole) {
    this.embeddings = embeddings;
    this.timeout = timeout;
    this.whole = whole;
  }

  Embedding embed(EncodeRequest request) {
    RequestContext context = RequestContext.within(timeout);
    long pauseNanos = FIRST_PAUSE_NANOS;
    while (true) {
      whole.check("embedding " + request.input().name());
      try {
        return embeddings.embed(request, context);
      } catch (SensoriumException e) {
        boolean gone = e instanceof ServiceGoneException && !isExpected(request);
        boolean hopeless = gone || !e.retriable();
        if (hopeless || context.remainingNanos() <= pauseNanos) {
          throw e;
        }
      }
      LockSupport.parkNanos(pauseNanos);
      pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }
  }

  /** Whether an encoder that could read the item is here, on its way or on its way out. */
  private boolean isExpected(EncodeRequest request) {
    return embeddings.encoders().stream()
        .anyMatch(
            encoder ->
                encoder.modality().equals(request.modality())
                    && request.space().map(space -> isIn(space, encoder)).orElse(true)
                    && encoder.state() != EncoderStatus.State.QUARANTINED);
  }

  private static boolean isIn(String space, EncoderStatus encoder) {
    return space.equals(encoder.space().name()) || space.equals(encoder.space().toString());
  }
}
