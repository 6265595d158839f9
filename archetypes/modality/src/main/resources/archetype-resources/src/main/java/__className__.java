package ${package};

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Reads ${modality}: files of numbers, one reading a line. Stateless.
 *
 * <p>The package declares how many readings its graph takes ({@code rows}), of how many numbers each
 * ({@code columns}), and what they are normalised by ({@code mean}, {@code std}).
 */
@Component(
    property = {
      ModalityEncoder.MODALITY + "=${modality}",
      ModalityEncoder.ACCEPTS + "=${accepts}"
    })
public final class ${className} implements ModalityEncoder {
  private static final int MAXIMUM_SIZE = 1 << 20;

  @Override
  public Preprocessor open(ModelGraph graph) {
    Settings declared = graph.manifest().preprocessing();
    int rows = size(declared, "rows");
    int columns = size(declared, "columns");
    double mean = declared.decimal("mean", 0);
    double deviation = declared.decimal("std", 1);
    if (!(deviation > 0)) {
      throw new ModelLoadException("std must be positive; got " + deviation);
    }
    Shape shape = Shape.of(1, rows, columns);
    String input = onlyInput(graph, shape);
    return item -> Map.of(input, prepare(item, shape, mean, deviation));
  }

  private static Tensor prepare(MediaInput item, Shape shape, double mean, double deviation) {
    int rows = (int) shape.dimension(1);
    int columns = (int) shape.dimension(2);
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape);
    FloatBuffer values = tensor.asFloats();
    for (double value : Readings.parse(item, columns).resampled(rows)) {
      values.put((float) ((value - mean) / deviation));
    }
    return tensor;
  }

  private static int size(Settings declared, String key) {
    int size = declared.integer(key);
    if (size < 1 || size > MAXIMUM_SIZE) {
      throw new ModelLoadException(
          "%s must be 1 to %d; got %d".formatted(key, MAXIMUM_SIZE, size));
    }
    return size;
  }

  private static String onlyInput(ModelGraph graph, Shape shape) {
    List<TensorSpec> inputs = graph.manifest().inputs();
    boolean fits =
        inputs.size() == 1
            && inputs.getFirst().type() == ElementType.FLOAT32
            && inputs.getFirst().shape().accepts(shape);
    if (!fits) {
      throw new ModelLoadException(
          "the declared readings are float32%s; the graph takes %s (model %s)"
              .formatted(shape, inputs, graph));
    }
    return inputs.getFirst().name();
  }
}
