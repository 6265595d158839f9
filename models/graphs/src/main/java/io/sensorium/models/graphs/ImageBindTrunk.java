package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.Map;

/**
 * One of ImageBind's trunks as its tensors describe it. Immutable.
 *
 * <p>A size that cannot be read off, since the tensor is missing or of another rank, is 1; asking
 * for the tensor then notes what is wrong with it.
 *
 * @param name of the trunk in the tensors' names: vision, text, audio, depth, thermal or imu
 * @param tensors all of the checkpoint's
 */
record ImageBindTrunk(String name, Map<String, StoredTensor> tensors) {
  /** The reference builds the blocks' norms, and those before and behind them, with this. */
  static final double EPSILON = 1e-6;

  private static final int MAX_LAYERS = 1000;
  private static final int MAX_SIZE = 1 << 24;

  /** Prefix of the blocks' names, before their number. */
  String blocks() {
    return "modality_trunks." + name + ".blocks.";
  }

  /** Prefix of what makes tokens of the input. */
  String preprocessor() {
    return "modality_preprocessors." + name + ".";
  }

  /** Prefix of the layers behind the blocks. */
  String head() {
    return "modality_heads." + name + ".";
  }

  /** The logarithm of what the unit vectors are multiplied with. */
  String logScale() {
    return "modality_postprocessors." + name + ".1.log_logit_scale";
  }

  /** Answers whether the checkpoint has the trunk. */
  boolean exists() {
    return tensors.keySet().stream().anyMatch(tensor -> tensor.startsWith(blocks()));
  }

  /** A dimension of a tensor, in [1, 2^24]. */
  int dimension(String tensor, int axis) {
    StoredTensor stored = tensors.get(tensor);
    Shape shape = stored == null ? Shape.of() : stored.info().shape();
    return axis < shape.rank() ? Math.clamp(shape.dimension(axis), 1, MAX_SIZE) : 1;
  }

  /** The sizes of the blocks; their heads cannot be read off. */
  EncoderShape shape(CheckedConfig config, int usualHeads) {
    int width = dimension(blocks() + "0.norm_1.weight", 0);
    String key = name + "_num_heads";
    int heads = config.size(key, usualHeads);
    if (width % heads != 0) {
      config.reject(
          key,
          "a divisor of the trunk's width %d (%d unless constructor.json tells)"
              .formatted(width, usualHeads));
    }
    return new EncoderShape(
        width,
        layers(),
        heads,
        dimension(blocks() + "0.mlp.fc1.weight", 0),
        Activation.GELU,
        EPSILON);
  }

  private int layers() {
    int largest =
        tensors.keySet().stream()
            .filter(tensor -> tensor.startsWith(blocks()))
            .map(tensor -> tensor.substring(blocks().length()))
            .filter(tensor -> tensor.matches("[0-9]{1,3}\\..*"))
            .mapToInt(tensor -> Integer.parseInt(tensor.substring(0, tensor.indexOf('.'))))
            .max()
            .orElse(0);
    return Math.min(largest + 1, MAX_LAYERS);
  }
}
