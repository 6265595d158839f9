package io.sensorium.models.training;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Names, shapes and initial values of a tower's parameters, in the order that {@link TowerScript}
 * expects: special tokens, positions, patch embedding, blocks, final norm, projection.
 */
final class TowerParameters {
  private static final double WEIGHT_DEVIATION = 0.02;
  private static final double POSITION_SCALE = 0.5;
  private static final String[] BLOCK_LINEARS = {
    "attention.attention.query",
    "attention.attention.key",
    "attention.attention.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense"
  };

  private TowerParameters() {}

  /** The number of parameters of a tower. */
  static int count(TowerShape shape) {
    return shape.specialTokens() + 3 + shape.layers() * 16 + 3;
  }

  /**
   * Fresh parameters.
   *
   * @param prefix what precedes Hugging Face's names, empty or ending in a dot
   * @param projectionName the name of the projection's weight
   */
  static List<Parameter> initialise(
      TowerShape shape, String prefix, String projectionName, RandomGenerator random) {
    int hidden = shape.hidden();
    var list = new ArrayList<Parameter>();
    String embeddings = prefix + "embeddings.";
    list.add(normal(embeddings + "cls_token", random, 1, 1, hidden));
    if (shape.specialTokens() == 2) {
      list.add(normal(embeddings + "distillation_token", random, 1, 1, hidden));
    }
    list.add(positions(embeddings + "position_embeddings", shape));
    String patches = embeddings + "patch_embeddings.projection.";
    double patchDeviation = 1 / Math.sqrt(shape.patchElements());
    list.add(
        normal(
            patches + "weight",
            random,
            patchDeviation,
            hidden,
            shape.channels(),
            shape.patch(),
            shape.patch()));
    list.add(Parameter.filled(patches + "bias", 0, hidden));
    for (int layer = 0; layer < shape.layers(); layer++) {
      addBlock(list, prefix + "encoder.layer." + layer + ".", shape, random);
    }
    list.add(Parameter.filled(prefix + "layernorm.weight", 1, hidden));
    list.add(Parameter.filled(prefix + "layernorm.bias", 0, hidden));
    double deviation = 1 / Math.sqrt(hidden);
    list.add(normal(projectionName, random, deviation, shape.projection(), hidden));
    return list;
  }

  private static void addBlock(
      List<Parameter> list, String prefix, TowerShape shape, RandomGenerator random) {
    int hidden = shape.hidden();
    for (int index = 0; index < BLOCK_LINEARS.length; index++) {
      int in = index == 5 ? shape.intermediate() : hidden;
      int out = index == 4 ? shape.intermediate() : hidden;
      // Xavier keeps the first steps of a network this narrow well scaled.
      double deviation = Math.sqrt(2.0 / (in + out));
      list.add(normal(prefix + BLOCK_LINEARS[index] + ".weight", random, deviation, out, in));
      list.add(Parameter.filled(prefix + BLOCK_LINEARS[index] + ".bias", 0, out));
    }
    for (String norm : List.of("layernorm_before", "layernorm_after")) {
      list.add(Parameter.filled(prefix + norm + ".weight", 1, hidden));
      list.add(Parameter.filled(prefix + norm + ".bias", 0, hidden));
    }
  }

  /** Two-dimensional sines and cosines, as in the MAE paper, zero for the special tokens. */
  private static Parameter positions(String name, TowerShape shape) {
    int hidden = shape.hidden();
    var values = new float[shape.tokens() * hidden];
    int quarter = hidden / 4;
    for (int row = 0; row < shape.patchRows(); row++) {
      for (int column = 0; column < shape.patchColumns(); column++) {
        int token = shape.specialTokens() + row * shape.patchColumns() + column;
        for (int k = 0; k < quarter; k++) {
          double frequency = Math.pow(10_000, -k / (double) quarter);
          int at = token * hidden + k;
          values[at] = (float) (POSITION_SCALE * Math.sin(column * frequency));
          values[at + quarter] = (float) (POSITION_SCALE * Math.cos(column * frequency));
          values[at + 2 * quarter] = (float) (POSITION_SCALE * Math.sin(row * frequency));
          values[at + 3 * quarter] = (float) (POSITION_SCALE * Math.cos(row * frequency));
        }
      }
    }
    return new Parameter(name, new long[] {1, shape.tokens(), hidden}, values);
  }

  private static Parameter normal(String name, RandomGenerator random, long... shape) {
    return normal(name, random, WEIGHT_DEVIATION, shape);
  }

  static Parameter normal(String name, RandomGenerator random, double deviation, long... shape) {
    Parameter parameter = Parameter.filled(name, 0, shape);
    for (int i = 0; i < parameter.values().length; i++) {
      parameter.values()[i] = (float) (random.nextGaussian() * deviation);
    }
    return parameter;
  }
}
