package io.sensorium.api.space;

import io.sensorium.api.RequestContext;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says of items what their encoders found in them, beyond the embedding. Thread-safe; requests take
 * the same way to the same encoders as those of {@link EmbeddingService}.
 */
@ProviderType
public interface FeatureService {
  /**
   * Encodes one item and waits. Costs an encoder's run.
   *
   * @param tokenOutput the encoder's output that has a state for every token, for instance {@code
   *     penultimate_hidden_state}; empty for the embedding alone
   * @throws IllegalArgumentException if the encoder gives no such output {@code float32[n, tokens,
   *     width]}
   * @throws io.sensorium.api.SensoriumException as {@link EmbeddingService#embed}
   */
  Features features(EncodeRequest request, Optional<String> tokenOutput, RequestContext context);
}
