package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.SensedScenes.Condition;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Batches of spectrograms, each with the frozen image tower's embedding of one picture of the same
 * scene. Neither sentences nor labels take part. A batch depends on the seed and its number alone.
 *
 * <p>One thread at a time.
 */
final class BoundBatches implements ResumableTraining.BatchSource {
  private final SceneSet pictured;
  private final float[] embeddings;
  private final SensedScenes sensed;
  private final TowerShape shape;
  private final int batch;
  private final long seed;

  /**
   * @param pictured training scenes, none of them with a group that is held out
   * @param embeddings one unit row per scene
   */
  BoundBatches(
      SceneSet pictured,
      float[] embeddings,
      SensedScenes sensed,
      TowerShape shape,
      int batch,
      long seed) {
    if (pictured.scenes().stream().anyMatch(Split::soundHeldOut)) {
      throw new IllegalArgumentException("training must not perceive what is held out");
    }
    this.pictured = pictured;
    this.embeddings = embeddings;
    this.sensed = sensed;
    this.shape = shape;
    this.batch = batch;
    this.seed = seed;
  }

  @Override
  public List<NDArray> batch(TorchModule module, int step) {
    int values = shape.values();
    var spectrograms = new float[batch * values];
    var images = new float[batch * TextHead.WIDTH];
    var matches = new float[batch * batch];
    for (int i = 0; i < batch; i++) {
      RandomGenerator random = Seeds.generator(seed, (long) step * batch + i);
      int index = random.nextInt(pictured.size());
      Scene scene = pictured.scenes().get(index);
      sensed.write(scene, Condition.TRAINING, random, spectrograms, i * values);
      System.arraycopy(
          embeddings, index * TextHead.WIDTH, images, i * TextHead.WIDTH, TextHead.WIDTH);
      matches[i * batch + i] = 1;
    }
    return List.of(
        module.array(spectrograms, batch, shape.rows(), shape.columns()),
        module.array(images, batch, TextHead.WIDTH),
        module.array(matches, batch, batch));
  }
}
