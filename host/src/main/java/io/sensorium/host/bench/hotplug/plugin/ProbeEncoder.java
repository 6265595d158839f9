package io.sensorium.host.bench.hotplug.plugin;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads a number, and adds to it the version of its bundle, so that an answer tells who prepared
 * it. Immutable once it is activated.
 */
public final class ProbeEncoder implements ModalityEncoder {
  private volatile float version;

  /** Called by Declarative Services with the component's properties. */
  public void activate(Map<String, Object> properties) {
    version = ((Number) properties.get("version")).floatValue();
  }

  @Override
  public Preprocessor open(ModelGraph graph) {
    return this::prepare;
  }

  private Map<String, Tensor> prepare(MediaInput input) {
    String text = StandardCharsets.UTF_8.decode(input.bytes().duplicate()).toString();
    try {
      float value = Float.parseFloat(text);
      return Map.of("x", Tensor.ofFloats(Shape.of(1, 3), value, version, 1));
    } catch (NumberFormatException e) {
      throw new UnsupportedInputException("a number is required; got '" + text + "'", e);
    }
  }
}
