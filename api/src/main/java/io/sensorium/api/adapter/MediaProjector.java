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
   * Encodes an item and projects it. Costs a run of the encoder and one of the adapter; waits until
   * the context's deadline.
   *
   * @param item what is to be read; where it names a space, only adapters of that space are chosen
   * @param languageModel the package that shall read it
   * @param adapter the adapter's id; empty for the one that fits; if several do, for the one that
   *     the user installed last, before those that bundles carry
   * @return rows for that model, or what is added to its layers
   * @throws IllegalArgumentException if no adapter fits, if the one named is for another modality,
   *     model or space, or if the encoder that answers is not the one that it was trained beside
   * @throws io.sensorium.api.SensoriumException as {@link
   *     io.sensorium.api.space.EmbeddingService#embed}, or if the adapter cannot be opened or run
   */
  Projection project(
      EncodeRequest item, String languageModel, Optional<String> adapter, RequestContext context);
}
