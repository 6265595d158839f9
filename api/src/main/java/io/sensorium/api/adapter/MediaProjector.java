package io.sensorium.api.adapter;

import io.sensorium.api.RequestContext;
import io.sensorium.api.space.EncodeRequest;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes pictures, sounds and whatever else is encoded readable for language models, by the adapters
 * that are installed. Thread-safe.
 */
@ProviderType
public interface MediaProjector {
  /** Every adapter in service, by id. */
  List<MediaAdapter> adapters();

  /**
   * Encodes the items of one question and projects them. Costs a run of the encoder for each and
   * runs of the adapters; waits until the context's deadline.
   *
   * <p>Most adapters make rows of each item. Those of the kind {@code zero_gated} add to the
   * model's layers instead, once for the question: an adapter that reads several items reads the
   * mean of their embeddings, in which each has an equal share, as in ImageBind-LLM (Han et al.,
   * arXiv:2309.03905); where several such adapters read items, the mean of what they add is taken,
   * by how many items each has read.
   *
   * @param items what is to be read; where one names a space, only adapters of that space are
   *     chosen for it
   * @param languageModel the package that shall read them
   * @param adapter the adapter's id; empty for the one that fits; if several do, for the one that
   *     the user installed last, before those that bundles carry
   * @throws IllegalArgumentException if no adapter fits an item, if the one named is for another
   *     modality, model or space, or if the encoder that answers is not the one that it was trained
   *     beside
   * @throws io.sensorium.api.SensoriumException as {@link
   *     io.sensorium.api.space.EmbeddingService#embed}, or if an adapter cannot be opened or run
   */
  Projection project(
      List<EncodeRequest> items,
      String languageModel,
      Optional<String> adapter,
      RequestContext context);
}
