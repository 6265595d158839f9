package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.world.Caption;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Batches of captions and scenes of which they are true. A batch depends on the seed and its number
 * alone, so training resumes with the very data it would have seen.
 *
 * <p>One thread at a time.
 */
final class ImageBatches implements ResumableTraining.BatchSource {
  /** The size at which the product's sample files are drawn. */
  static final int FILE_SIDE = 320;

  private static final int SMALLEST_LARGER_SIDE = 96;
  private static final double FILE_SHARE = 0.14;
  private static final double ANY_SIZE_SHARE = 0.06;

  private final CaptionPool captions;
  private final SceneSampler sampler;
  private final SceneImages images;
  private final int side;
  private final int batch;
  private final long seed;

  ImageBatches(CaptionPool captions, double twoKindShare, int side, int batch, long seed) {
    this.captions = captions;
    this.sampler = new SceneSampler(twoKindShare);
    this.images = new SceneImages(side);
    this.side = side;
    this.batch = batch;
    this.seed = seed;
  }

  /** The inputs of the loss of step {@code step}: pixels, sentences, matches, attributes. */
  @Override
  public List<NDArray> batch(TorchModule module, int step) {
    var pixels = new byte[batch * images.bytes()];
    var sentences = new float[batch * MiniLmEncoder.WIDTH];
    var attributes = new float[batch * Attributes.width()];
    var chosen = new Caption[batch];
    var scenes = new Scene[batch];
    for (int i = 0; i < batch; i++) {
      RandomGenerator random = Seeds.generator(seed, (long) step * batch + i);
      int index = random.nextInt(captions.size());
      chosen[i] = captions.caption(index);
      captions.copyEmbedding(index, sentences, i);
      scenes[i] = sampler.sample(Split.TRAIN, chosen[i].claim(), random);
      draw(scenes[i], random, pixels, i * images.bytes());
      Attributes.write(scenes[i], attributes, i);
    }
    return List.of(
        module.bytes(pixels, batch, 3, side, side),
        module.array(sentences, batch, MiniLmEncoder.WIDTH),
        module.array(matches(chosen, scenes), batch, batch),
        module.array(attributes, batch, Attributes.width()));
  }

  private void draw(Scene scene, RandomGenerator random, byte[] pixels, int offset) {
    double kind = random.nextDouble();
    int drawnSide = side;
    if (kind < FILE_SHARE) {
      drawnSide = FILE_SIDE;
    } else if (kind < FILE_SHARE + ANY_SIZE_SHARE) {
      drawnSide = random.nextInt(SMALLEST_LARGER_SIDE, FILE_SIDE);
    }
    images.draw(scene, random, drawnSide, pixels, offset);
  }

  private static float[] matches(Caption[] captions, Scene[] scenes) {
    var matches = new float[captions.length * scenes.length];
    for (int i = 0; i < captions.length; i++) {
      for (int j = 0; j < scenes.length; j++) {
        matches[i * scenes.length + j] = i == j || captions[i].matches(scenes[j]) ? 1 : 0;
      }
    }
    return matches;
  }
}
