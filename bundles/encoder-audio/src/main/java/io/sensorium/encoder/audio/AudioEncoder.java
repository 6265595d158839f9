package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads sounds for every package whose feature extractor {@link SpectrogramFeatures} knows. */
@Component(property = {ModalityEncoder.MODALITY + "=audio", ModalityEncoder.ACCEPTS + "=audio/*"})
public final class AudioEncoder implements ModalityEncoder {
  private final MediaDecoder decoder;

  @Activate
  public AudioEncoder(@Reference MediaDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Preprocessor open(ModelGraph graph) {
    SpectrogramFeatures features = SpectrogramFeatures.declaredBy(graph.manifest().preprocessing());
    String input = spectrogramInput(graph, features);
    return media ->
        Map.<String, Tensor>of(
            input, features.of(decoder.decodeAudio(media, MediaLimits.DEFAULT), media.name()));
  }

  private static String spectrogramInput(ModelGraph graph, SpectrogramFeatures features) {
    List<TensorSpec> inputs = graph.manifest().inputs();
    TensorSpec input = inputs.isEmpty() ? null : inputs.getFirst();
    boolean fits =
        inputs.size() == 1
            && input.type() == ElementType.FLOAT32
            && input.shape().accepts(features.shape());
    if (!fits) {
      throw new ModelLoadException(
          "the declared features are float32%s; the graph takes %s (model %s)"
              .formatted(features.shape(), inputs, graph));
    }
    return input.name();
  }
}
