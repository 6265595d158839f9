package io.sensorium.examples.motion;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Feels {@code *.motion.csv} files: what an accelerometer recorded. */
@Component(
    property = {ModalityEncoder.MODALITY + "=motion", ModalityEncoder.ACCEPTS + "=*.motion.csv"})
public final class MotionEncoder implements ModalityEncoder {
  @Override
  public Preprocessor open(ModelGraph graph) {
    MotionFeatures features = MotionFeatures.declaredBy(graph.manifest().preprocessing());
    AccelerometerCsv reader = new AccelerometerCsv(features.rate(), features.samples());
    String input = onlyInput(graph, features);
    return media -> Map.<String, Tensor>of(input, features.of(reader.read(media), media.name()));
  }

  private static String onlyInput(ModelGraph graph, MotionFeatures features) {
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
