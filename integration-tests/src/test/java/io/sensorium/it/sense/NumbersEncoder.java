package io.sensorium.it.sense;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads as many numbers as its graph takes; refuses packages that say so. Stateless. */
public final class NumbersEncoder implements ModalityEncoder {
  @Override
  public Preprocessor open(ModelGraph graph) {
    int count = graph.manifest().preprocessing().integer("count");
    Shape shape = Shape.of(1, count);
    TensorSpec input = graph.manifest().inputs().getFirst();
    if (input.type() != ElementType.FLOAT32 || !input.shape().accepts(shape)) {
      throw new ModelLoadException("float32%s is what numbers are; got %s".formatted(shape, input));
    }
    if (graph.manifest().preprocessing().flag("refused", false)) {
      throw new ModelLoadException("this package says that it is to be refused");
    }
    return item -> Map.of(input.name(), Tensor.ofFloats(shape, numbers(item, count)));
  }

  private static float[] numbers(MediaInput item, int count) {
    String[] words = StandardCharsets.UTF_8.decode(item.bytes()).toString().strip().split(" ", -1);
    float[] numbers = new float[count];
    try {
      for (int i = 0; i < count; i++) {
        numbers[i] = Float.parseFloat(words[i]);
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new UnsupportedInputException(
          "%d numbers are required; '%s' has others".formatted(count, item.name()), e);
    }
    return numbers;
  }
}
