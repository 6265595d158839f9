package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
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

/** Reads sounds for every package whose feature extractor {@link FeatureExtractors} knows. */
@Component(property = {ModalityEncoder.MODALITY + "=audio", ModalityEncoder.ACCEPTS + "=audio/*"})
public final class AudioEncoder implements ModalityEncoder {
  private final MediaDecoder decoder;

  @Activate
  public AudioEncoder(@Reference MediaDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Preprocessor open(ModelGraph graph) {
    AudioFeatures features = FeatureExtractors.declaredBy(graph.manifest().preprocessing());
    String input = onlyInput(graph, features);
    return media -> Map.<String, Tensor>of(input, features.of(decode(media)));
  }

  private AudioClip decode(MediaInput media) {
    AudioClip clip = decoder.decodeAudio(media, MediaLimits.DEFAULT);
    if (clip.frames() == 0) {
      throw new UnsupportedInputException(
          "a sound with at least one sample is required; '" + media.name() + "' has none");
    }
    return clip;
  }

  private static String onlyInput(ModelGraph graph, AudioFeatures features) {
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
