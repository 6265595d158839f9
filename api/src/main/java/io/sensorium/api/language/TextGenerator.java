package io.sensorium.api.language;

import io.sensorium.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes texts with any installed language model. Thread-safe: requests to one model share its runs,
 * each getting its turn; a model opens at its first request and leaves the device when others need
 * the room.
 */
@ProviderType
public interface TextGenerator {
  /**
   * Makes a text.
   *
   * <p>The answer fails with {@link IllegalArgumentException} (an unknown model; a prompt that is
   * empty, malformed or longer than the context; a schema or an adapter that does not fit), {@link
   * io.sensorium.api.ResourceExhaustedException} (queue or memory full), {@link
   * io.sensorium.api.InferenceException} (a run failed, or the model answered what is not a
   * number), {@link io.sensorium.api.ServiceGoneException} (the model is leaving), {@link
   * io.sensorium.api.DeadlineExceededException} or {@link
   * io.sensorium.api.RequestCancelledException}, the latter two within one step. Other requests go
   * on unharmed.
   *
   * @param listener told each piece of text as it becomes certain, in order, by one thread at a
   *     time; it should return at once. Strategies that keep several texts tell at the end
   */
  CompletableFuture<Generation> generateAsync(
      GenerationRequest request, Consumer<String> listener, RequestContext context);

  /** Makes a text and waits; throws what {@link #generateAsync} fails with. */
  Generation generate(GenerationRequest request, Consumer<String> listener, RequestContext context);

  /** The language models in service, by id; of one id the newest last, which is the one in use. */
  List<LanguageModelStatus> models();
}
