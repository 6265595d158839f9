package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.models.training.SensedScenes.Condition;
import io.sensorium.models.world.Split;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeasuringTest {
  private static final int WIDTH = TextHead.WIDTH;

  private static float[] rows(double[][] leading) {
    var rows = new float[leading.length * WIDTH];
    for (int i = 0; i < leading.length; i++) {
      for (int k = 0; k < leading[i].length; k++) {
        rows[i * WIDTH + k] = (float) leading[i][k];
      }
    }
    return rows;
  }

  @Test
  void recallCountsTheRankOfTheFirstRightAnswerAndSkipsQueriesWithoutOne() {
    float[] queries = rows(new double[][] {{1, 0}, {0, 1}, {1, 1}});
    float[] items = rows(new double[][] {{0.9, 0}, {0.8, 0}, {0, 0.7}});
    Ranking.Truth truth = (i, j) -> (i == 0 && j == 1) || (i == 1 && j == 2);
    assertThat(Ranking.recall(queries, items, 1, truth)).isEqualTo(50);
    assertThat(Ranking.recall(queries, items, 2, truth)).isEqualTo(100);
    assertThat(Ranking.nearest(queries, 1, items)).isEqualTo(2);
  }

  @Test
  void calibrationFindsTheFactorThatTheLabelsWereDrawnWith() {
    long seed = 90125;
    var random = new Random(seed);
    double factor = 17;
    var classes = new float[5 * WIDTH];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < 5; i++) {
      Vectors.normalise(classes, i * WIDTH, WIDTH);
    }
    int size = 6000;
    var queries = new float[size * WIDTH];
    var truth = new int[size];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < WIDTH; k++) {
        queries[i * WIDTH + k] = (float) random.nextGaussian();
      }
      Vectors.normalise(queries, i * WIDTH, WIDTH);
      double sum = 0;
      var weights = new double[5];
      for (int c = 0; c < 5; c++) {
        weights[c] = Math.exp(factor * Vectors.dot(queries, i, classes, c, WIDTH));
        sum += weights[c];
      }
      double drawn = random.nextDouble() * sum;
      while (truth[i] < 4 && drawn > weights[truth[i]]) {
        drawn -= weights[truth[i]++];
      }
    }
    assertThat(Calibration.fit(queries, classes, truth))
        .as("seed %d", seed)
        .isCloseTo(factor, within(1.0));
  }

  @Test
  void precisionLeavesOutWhatCannotFillTheFirstRanks() {
    float[] queries = rows(new double[][] {{1, 0}, {0, 1}, {1, 0}});
    float[] answers = rows(new double[][] {{1, 0}, {0.9, 0.1}, {0.1, 0.9}, {0, 1}});
    // The first finds one of its two, the second both of its two, the third has only one.
    Ranking.Truth truth =
        (query, row) -> query == 0 ? row % 2 == 0 : query == 1 ? row > 1 : row == 0;
    assertThat(Ranking.precision(queries, answers, 2, truth)).isEqualTo(75);
  }

  @Test
  void theScheduleWarmsUpAndEndsAtZero() {
    var schedule = new Schedule(128_000, 128, 2e-3, 0.05, 1);
    assertThat(schedule.steps()).isEqualTo(1000);
    assertThat(schedule.rate(0)).isCloseTo(2e-5, within(1e-9));
    assertThat(schedule.rate(500)).isCloseTo(1e-3, within(1e-9));
    assertThat(schedule.rate(999)).isBetween(0.0, 1e-8);
  }

  @Test
  void clipsAreReproducibleAndFillTheTowersInput() {
    var clips = new SceneClips(BoundModel.AUDIO, new SceneClips.Statistics(-6, 4));
    SceneSet set = SceneSet.draw(3, Split.TRAIN, 0.3, scene -> !Split.soundHeldOut(scene), 8);
    var once = new float[BoundModel.AUDIO.values() + 1];
    var again = new float[BoundModel.AUDIO.values() + 1];
    for (int i = 0; i < set.size(); i++) {
      var random = io.sensorium.models.world.Seeds.generator(1, i);
      clips.write(set.scenes().get(i), Condition.TRAINING, random, once, 1);
      random = io.sensorium.models.world.Seeds.generator(1, i);
      clips.write(set.scenes().get(i), Condition.TRAINING, random, again, 1);
      assertThat(once).isEqualTo(again);
      assertThat(once[0]).isZero();
      // 198 frames fit into two seconds; the rest is padding, zero before normalising.
      int row = BoundModel.AUDIO.columns();
      assertThat(once[row]).isCloseTo(0.75f, within(1e-6f));
      assertThat(once[1 + 197]).isNotCloseTo(0.75f, within(1e-6f));
    }
  }

  @Test
  void boundBatchesRefuseCombinationsThatAreHeldOut() {
    SceneSet heldOut = SceneSet.draw(2, Split.COMBO, 0, Split::soundHeldOut, 8);
    var clips = new SceneClips(BoundModel.AUDIO, new SceneClips.Statistics(-6, 4));
    assertThatThrownBy(
            () -> new BoundBatches(heldOut, new float[2 * WIDTH], clips, BoundModel.AUDIO, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not perceive");
  }

  @Test
  void theCommandLineNamesWhatIsWrong() {
    assertThat(TrainingOptions.parse("audio", "--resume", "--pairs", "5").pairs()).hasValue(5);
    assertThatThrownBy(() -> TrainingOptions.parse("--resume"))
        .hasMessage(
            "a command is required: [image, audio, language, evaluate, export, adapters, all]");
    assertThatThrownBy(() -> TrainingOptions.parse("image", "--pairs", "-3"))
        .hasMessage("--pairs must be positive; found -3");
    assertThatThrownBy(() -> TrainingOptions.parse("image", "--work"))
        .hasMessage("--work needs a value");
    assertThatThrownBy(() -> TrainingOptions.parse("pictures"))
        .hasMessageContaining("found pictures");
  }
}
