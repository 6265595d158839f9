package io.sensorium.models.training;

import io.sensorium.models.world.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What the first training learns: the image tower, the text head, the temperature, and classifiers
 * that are dropped afterwards. Immutable; the parameters' arrays are shared.
 */
record ImageModel(List<Parameter> parameters) {
  /** The tower that the defaults carry. */
  static final TowerShape SHAPE = new TowerShape(3, 80, 80, 8, 1, 160, 4, 5, TextHead.WIDTH);

  /** The projection's name in the checkpoint. */
  static final String PROJECTION = "visual_projection.weight";

  private static final float INITIAL_SCALE = (float) Math.log(10);

  static ImageModel initialise(TowerShape shape, long seed) {
    RandomGenerator random = Seeds.generator(seed);
    var list = new ArrayList<>(TowerParameters.initialise(shape, "", PROJECTION, random));
    list.addAll(TextHead.initialise(random));
    list.add(Parameter.filled("logit_scale", INITIAL_SCALE));
    double deviation = 1 / Math.sqrt(shape.hidden());
    list.add(
        TowerParameters.normal(
            "classifiers.weight", random, deviation, Attributes.width(), shape.hidden()));
    list.add(Parameter.filled("classifiers.bias", 0, Attributes.width()));
    return new ImageModel(list);
  }

  /** The tower alone. */
  List<Parameter> tower(TowerShape shape) {
    return parameters.subList(0, TowerParameters.count(shape));
  }

  TextHead textHead(TowerShape shape) {
    int at = TowerParameters.count(shape);
    return new TextHead(
        parameters.get(at).values(),
        parameters.get(at + 1).values(),
        parameters.get(at + 2).values(),
        parameters.get(at + 3).values());
  }

  /** The learned factor on cosines, as its logarithm. */
  float logitScale(TowerShape shape) {
    return parameters.get(TowerParameters.count(shape) + 4).values()[0];
  }
}
