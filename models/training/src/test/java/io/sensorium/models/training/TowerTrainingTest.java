package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.adapters.FeatureShape;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the engine's natives are on the class path for linux-x86_64 only")
class TowerTrainingTest {
  private static final TowerShape IMAGE = new TowerShape(3, 24, 24, 8, 1, 16, 2, 2, TextHead.WIDTH);
  private static final TowerShape AUDIO =
      new TowerShape(1, 32, 48, 16, 2, 16, 2, 2, TextHead.WIDTH);
  private static final int BATCH = 6;
  private static final Schedule SCHEDULE = new Schedule(BATCH * 12, BATCH, 2e-3, 0.05, 5);

  @TempDir Path folder;

  private CaptionPool captions() {
    return CaptionPool.create(40, TrainDefaults.TWO_KIND_SHARE, 21, folder.resolve("captions"));
  }

  private StateFile train(CaptionPool captions, String file, boolean resume, int lastStep) {
    var batches = new ImageBatches(captions, TrainDefaults.TWO_KIND_SHARE, 24, BATCH, 31);
    return new ResumableTraining("image", folder.resolve(file), SCHEDULE, batches, line -> {})
        .run(
            TowerScript.imageStep(IMAGE, Attributes.bounds(), true),
            ImageModel.initialise(IMAGE, SCHEDULE.seed()).parameters(),
            resume,
            lastStep);
  }

  private static void assertSameBits(List<Parameter> actual, List<Parameter> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).name()).isEqualTo(expected.get(i).name());
      assertThat(Arrays.equals(actual.get(i).values(), expected.get(i).values()))
          .as(actual.get(i).name())
          .isTrue();
    }
  }

  @Test
  void aStoppedTrainingResumesToTheSameBits() {
    CaptionPool first = captions();
    StateFile straight = train(first, "straight", false, 8);
    train(first, "stopped", false, 3);
    // The second pool reads its embeddings back from the file.
    StateFile resumed = train(captions(), "stopped", true, 8);

    assertThat(resumed.step()).isEqualTo(8);
    assertSameBits(resumed.tensors(), straight.tensors());
    assertSameBits(StateFile.read(folder.resolve("stopped")).tensors(), straight.tensors());
  }

  @Test
  void stepsLowerTheLossAndLeaveNoArrayBehind() {
    var random = new Random(404);
    var pixels = new byte[BATCH * 3 * 24 * 24];
    random.nextBytes(pixels);
    float[] sentences = gaussian(random, BATCH * MiniLmEncoder.WIDTH, 0.05);
    var attributes = new float[BATCH * Attributes.width()];
    for (int i = 0; i < BATCH; i++) {
      attributes[i * Attributes.width() + i] = 1;
    }
    try (var module = new TorchModule(TowerScript.imageStep(IMAGE, Attributes.bounds(), false))) {
      var state = new TrainingState(module, ImageModel.initialise(IMAGE, 1).parameters());
      var losses = new ArrayList<Float>();
      int resources = module.managedResources();
      for (int step = 0; step < 40; step++) {
        List<NDArray> batch =
            List.of(
                module.bytes(pixels, BATCH, 3, 24, 24),
                module.array(sentences, BATCH, MiniLmEncoder.WIDTH),
                module.array(identity(), BATCH, BATCH),
                module.array(attributes, BATCH, Attributes.width()));
        float[] figures = state.advance(batch, 2e-3, 0.05);
        losses.add(figures[0] + figures[1]);
        assertThat(module.managedResources()).as("step %d", step).isEqualTo(resources);
      }
      assertThat(losses.getFirst()).isGreaterThan(3);
      assertThat(losses.getLast()).isLessThan(0.5f * losses.getFirst());
    }
  }

  @Test
  void oneStepIsAdamWWithWarmUpClippingAndDecay() {
    List<Parameter> before = BoundModel.initialise(AUDIO, 9).parameters();
    try (var module = new TorchModule(TowerScript.audioStep(AUDIO, false))) {
      var state = new TrainingState(module, before);
      float[] figures = state.advance(audioBatch(module), 1e-3, 0.1);
      assertThat(figures[0]).isBetween(0.5f, 5f);
      List<Parameter> after = state.everything();
      float clip = Math.min(1, 1 / (figures[1] + 1e-6f));
      for (int i = 0; i < before.size(); i++) {
        float[] gradients = after.get(before.size() + i).values();
        for (int k = 0; k < gradients.length; k++) {
          // After one step the first moment is a tenth of the clipped gradient.
          double gradient = gradients[k] / 0.1;
          assertThat(Math.abs(gradient)).isLessThanOrEqualTo(clip * figures[1] * 1.001);
          double decay = before.get(i).shape().length > 1 ? 1 - 1e-3 * 0.1 : 1;
          double expected =
              before.get(i).values()[k] * decay - 1e-3 * gradient / (Math.abs(gradient) + 1e-8);
          assertThat((double) after.get(i).values()[k])
              .as("%s[%d]", before.get(i).name(), k)
              .isCloseTo(expected, within(2e-5 + (Math.abs(gradient) < 1e-5 ? 1e-3 : 0)));
        }
      }
    }
  }

  @Test
  void theAudioTowerLearnsThePairsItIsShown() {
    try (var module = new TorchModule(TowerScript.audioStep(AUDIO, true))) {
      var state = new TrainingState(module, BoundModel.initialise(AUDIO, 9).parameters());
      float first = state.advance(audioBatch(module), 2e-3, 0)[0];
      float last = first;
      for (int step = 0; step < 60; step++) {
        last = state.advance(audioBatch(module), 2e-3, 0)[0];
      }
      assertThat(last).isLessThan(0.5f * first);
    }
  }

  @Test
  void encodingGivesUnitRowsWhateverTheBatch() {
    var random = new Random(77);
    try (var tower = new TowerEncoder(IMAGE, ImageModel.initialise(IMAGE, 2).parameters())) {
      SceneSet set = SceneSet.draw(7, Split.COMBO, 0.5, (Scene scene) -> true, 3);
      float[] rows = set.encodeImages(tower, 24, 33);
      assertThat(rows).hasSize(7 * TextHead.WIDTH);
      for (int i = 0; i < 7; i++) {
        assertThat(Vectors.dot(rows, i, rows, i, TextHead.WIDTH)).isCloseTo(1, within(1e-5f));
      }
      var pixels = new byte[2 * 3 * 24 * 24];
      random.nextBytes(pixels);
      float[] both = tower.encode(pixels, 2);
      float[] one = tower.encode(Arrays.copyOf(pixels, pixels.length / 2), 1);
      for (int k = 0; k < one.length; k++) {
        assertThat(both[k]).isCloseTo(one[k], within(1e-5f));
      }
    }
  }

  @Test
  void featuresAreTheTokensAndTheRowThatEncodingGives() {
    var random = new Random(78);
    var spectrograms = gaussian(random, 3 * AUDIO.values(), 1);
    List<Parameter> parameters = BoundModel.initialise(AUDIO, 5).parameters();
    FeatureShape sizes = AUDIO.features();
    try (var encoder = new TowerEncoder(AUDIO, parameters);
        var features = TowerEncoder.ofFeatures(AUDIO, parameters)) {
      float[] rows = encoder.encode(spectrograms, 3);
      float[] found = features.encode(spectrograms, 3);
      assertThat(found).hasSize(3 * sizes.values());
      for (int item = 0; item < 3; item++) {
        int end = (item + 1) * sizes.values();
        assertThat(Arrays.copyOfRange(found, end - TextHead.WIDTH, end))
            .containsExactly(
                Arrays.copyOfRange(rows, item * TextHead.WIDTH, (item + 1) * TextHead.WIDTH),
                within(1e-5f));
      }
    }
  }

  private static List<NDArray> audioBatch(TorchModule module) {
    var random = new Random(11);
    float[] images = gaussian(random, BATCH * TextHead.WIDTH, 1);
    for (int i = 0; i < BATCH; i++) {
      Vectors.normalise(images, i * TextHead.WIDTH, TextHead.WIDTH);
    }
    return List.of(
        module.array(gaussian(random, BATCH * 32 * 48, 1), BATCH, 32, 48),
        module.array(images, BATCH, TextHead.WIDTH),
        module.array(identity(), BATCH, BATCH));
  }

  private static float[] identity() {
    var matches = new float[BATCH * BATCH];
    for (int i = 0; i < BATCH; i++) {
      matches[i * BATCH + i] = 1;
    }
    return matches;
  }

  private static float[] gaussian(Random random, int size, double deviation) {
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }
}
