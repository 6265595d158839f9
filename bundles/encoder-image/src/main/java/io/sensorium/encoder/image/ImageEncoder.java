package io.sensorium.encoder.image;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.preprocessing.RgbPixels;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads pictures for every package whose processor declaration {@link ImageProcessor} knows. */
@Component(property = {ModalityEncoder.MODALITY + "=image", ModalityEncoder.ACCEPTS + "=image/*"})
public final class ImageEncoder implements ModalityEncoder {
  private final MediaDecoder decoder;

  @Activate
  public ImageEncoder(@Reference MediaDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Preprocessor open(ModelGraph graph) {
    String input = pixelInput(graph);
    ImageProcessor processor = ImageProcessor.declaredBy(graph.manifest().preprocessing());
    return media -> {
      Image image = decoder.decodeImage(media, MediaLimits.DEFAULT);
      RgbPixels pixels = new RgbPixels(image.width(), image.height(), image.rgb());
      return Map.<String, Tensor>of(input, processor.process(pixels));
    };
  }

  private static String pixelInput(ModelGraph graph) {
    List<TensorSpec> inputs = graph.manifest().inputs();
    TensorSpec input = inputs.isEmpty() ? null : inputs.getFirst();
    boolean isPixels =
        inputs.size() == 1
            && input.type() == ElementType.FLOAT32
            && input.shape().rank() == 4
            && input.shape().dimension(1) == RgbPixels.CHANNELS;
    if (!isPixels) {
      throw new ModelLoadException(
          "an image model needs one input float32[n,3,height,width]; got %s (model %s)"
              .formatted(inputs, graph));
    }
    return input.name();
  }
}
