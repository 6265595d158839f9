package io.sensorium.api.space;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.media.MediaInput;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Embeds anything that some installed encoder can read. Thread-safe.
 *
 * <p>Concurrent requests for one encoder are batched together; queues are bounded. Answers are
 * L2-normalised: |norm - 1| is at most 1e-4.
 */
@ProviderType
public interface EmbeddingService {
  /**
   * Embeds one item. The answer fails with {@link io.sensorium.api.UnsupportedInputException}
   * (unreadable item), {@link io.sensorium.api.ResourceExhaustedException} (queue full), {@link
   * io.sensorium.api.ServiceGoneException} (no such encoder, or it is leaving), {@link
   * io.sensorium.api.DeadlineExceededException} or {@link
   * io.sensorium.api.RequestCancelledException}. Does not block the caller beyond queueing.
   */
  CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context);

  /** Embeds one item and waits; throws what {@link #embedAsync} fails with. */
  Embedding embed(EncodeRequest request, RequestContext context);

  /** The modality of an item, judged by every installed encoder; empty if none can read it. */
  Optional<Modality> modalityOf(MediaInput input);

  /** Every encoder known now, in a stable order. */
  List<EncoderStatus> encoders();
}
