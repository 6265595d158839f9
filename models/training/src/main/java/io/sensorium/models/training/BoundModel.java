package io.sensorium.models.training;

import io.sensorium.models.world.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a later training learns: a tower over spectrograms and its temperature. Immutable. */
record BoundModel(List<Parameter> parameters) {
  /** The audio tower that the defaults carry. */
  static final TowerShape AUDIO = TowerShape.ofSpectrograms(64, 208);

  /** The projection's name in the checkpoint. */
  static final String PROJECTION = "audio_projection.weight";

  private static final float INITIAL_SCALE = (float) Math.log(10);

  static BoundModel initialise(TowerShape shape, long seed) {
    RandomGenerator random = Seeds.generator(seed);
    var list = new ArrayList<>(TowerParameters.initialise(shape, "", PROJECTION, random));
    list.add(Parameter.filled("logit_scale", INITIAL_SCALE));
    return new BoundModel(list);
  }

  /** The tower alone. */
  List<Parameter> tower(TowerShape shape) {
    return parameters.subList(0, TowerParameters.count(shape));
  }

  /** The learned factor on cosines, as its logarithm. */
  float logitScale(TowerShape shape) {
    return parameters.get(TowerParameters.count(shape)).values()[0];
  }
}
