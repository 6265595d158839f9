package io.sensorium.examples.motion.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.examples.motion.MotionEncoder;
import io.sensorium.examples.motion.MotionFeatures;
import io.sensorium.examples.motion.simulation.Handling;
import io.sensorium.examples.motion.simulation.MotionFile;
import io.sensorium.examples.motion.simulation.MotionSynthesizer;
import io.sensorium.models.training.SensedScenes.Condition;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.testkit.PackageFolder;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeltScenesTest {
  private static final Path PACKAGE =
      Path.of("..", "target", "classes", "packages", "world-motion");

  @TempDir private Path folder;

  @Test
  void trainingFeelsWhatTheBundleMakesOfAFile() throws IOException {
    ModelGraph graph = PackageFolder.read(PACKAGE).graphs().getFirst();
    var felt = new FeltScenes(MotionFeatures.declaredBy(graph.manifest().preprocessing()));
    Scene scene = new SceneSampler(0.5).sample(Seeds.generator(3));
    var trained = new float[felt.rows() * felt.columns() + 1];
    felt.write(scene, Condition.CLEAR, Seeds.generator(4), trained, 1);

    Path file = folder.resolve("scene.motion.csv");
    MotionFile.write(
        file, new MotionSynthesizer().render(scene, Seeds.generator(4), Handling.CALM));
    try (Preprocessor preprocessor = new MotionEncoder().open(graph)) {
      FloatBuffer served =
          preprocessor.prepare(MediaInput.read(file, 1 << 20)).get("input_values").asFloats();
      assertThat(served.capacity()).isEqualTo(trained.length - 1);
      double sum = 0;
      for (int frame = 0; frame < felt.columns(); frame++) {
        for (int row = 0; row < felt.rows(); row++) {
          double difference =
              served.get(frame * felt.rows() + row) - trained[1 + row * felt.columns() + frame];
          sum += Math.abs(difference);
        }
      }
      // A file holds thousandths of m/s², training does not round.
      assertThat(sum / served.capacity()).isLessThan(0.01);
    }
  }
}
