package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;

/**
 * What exists at once in the widest layer of a transformer, by formula from its configuration
 * alone, for graphs that do not tell the shapes of their values. Immutable.
 *
 * <p>With s tokens, the width d, the inner width f and h heads: in attention the layer's input,
 * queries, keys, values and their sum, and the scores before and after their softmax, 5 s d + 2 h
 * s^2; in the feed-forward part input and output, and the inner values before, within and after
 * their activation, 2 s d + 4 s f; in float32.
 *
 * @param config the checkpoint's
 * @param tokens of one item
 */
record LayerEstimate(Settings config, long tokens) {
  /** For one of a checkpoint's graphs, that reads a text of so many tokens at most. */
  static LayerEstimate of(Settings config, AuthoredGraph graph, long longestText) {
    return new LayerEstimate(
        config,
        graph.inputs().stream()
            .mapToLong(input -> tokens(input, config, longestText))
            .max()
            .orElse(longestText));
  }

  /** The most of any tower that the configuration describes; 0 if it describes none. */
  long bytes() {
    return ElementType.FLOAT32.bytes()
        * ParameterEstimate.of(config).sizes().stream().mapToLong(this::values).max().orElse(0);
  }

  private long values(ParameterEstimate.Sizes sizes) {
    long attention = 5 * tokens * sizes.width() + 2 * sizes.heads() * tokens * tokens;
    long forward = 2 * tokens * sizes.width() + 4 * tokens * sizes.inner();
    return Math.max(attention, forward);
  }

  private static long tokens(TensorSpec input, Settings config, long longestText) {
    Shape shape = input.shape();
    return switch (input.name()) {
      case "pixel_values" -> {
        int side = number(config, 1, "patch_size", "vision_config.patch_size");
        yield patches(shape, 2, side, side) * patches(shape, 3, side, side) + 1;
      }
      case "input_values" -> {
        int side = number(config, 1, "patch_size");
        yield patches(shape, 1, side, number(config, side, "time_stride"))
            * patches(shape, 2, side, number(config, side, "frequency_stride"));
      }
      case "input_features" -> number(config, (int) longestText, "max_source_positions");
      default -> longestText;
    };
  }

  private static long patches(Shape shape, int axis, int side, int stride) {
    long length = axis < shape.rank() ? shape.dimension(axis) : 1;
    return Math.max(1, (length - side) / stride + 1);
  }

  private static int number(Settings config, int otherwise, String... keys) {
    return List.of(keys).stream()
        .flatMap(key -> config.find(key).stream())
        .filter(value -> value instanceof Integer number && number > 0)
        .map(Integer.class::cast)
        .findFirst()
        .orElse(otherwise);
  }
}
