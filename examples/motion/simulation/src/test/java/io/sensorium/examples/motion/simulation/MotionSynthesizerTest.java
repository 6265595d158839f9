package io.sensorium.examples.motion.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.models.world.Background;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Relation;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MotionSynthesizerTest {
  private static final Handling STILL = new Handling(0, 0);

  @TempDir private Path folder;

  private static Scene scene(Thing thing, int count, Size size) {
    return Scene.single(
        new Group(thing, Colour.RED, count, size), Position.CENTRE, Background.PLAIN);
  }

  private static Motion render(Scene scene, long seed, Handling handling) {
    return new MotionSynthesizer().render(scene, Seeds.generator(seed), handling);
  }

  /** How far each sample is from rest, in m/s². */
  private static double[] movement(Motion motion) {
    var movement = new double[motion.samples()];
    double x = median(motion.x());
    double y = median(motion.y());
    double z = median(motion.z());
    for (int i = 0; i < movement.length; i++) {
      movement[i] = Math.hypot(Math.hypot(motion.x()[i] - x, motion.y()[i] - y), motion.z()[i] - z);
    }
    return movement;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  @ParameterizedTest
  @EnumSource(Thing.class)
  void everyThingMovesAndRestsUnderGravity(Thing thing) {
    Motion motion = render(scene(thing, 1, Size.MEDIUM), 7, STILL);
    assertThat(motion.samples()).isEqualTo(400);
    double[] movement = movement(motion);
    assertThat(java.util.Arrays.stream(movement).max().orElseThrow()).isBetween(0.4, 30.0);
    assertThat(java.util.Arrays.stream(movement).filter(value -> value < 1e-9).count())
        .as("samples at rest of 400, one burst lasting 55")
        .isGreaterThanOrEqualTo(345);
    double gravity =
        Math.sqrt(
            Math.pow(median(motion.x()), 2)
                + Math.pow(median(motion.y()), 2)
                + Math.pow(median(motion.z()), 2));
    assertThat(gravity).isCloseTo(MotionSynthesizer.GRAVITY, within(1e-9));
  }

  @Test
  void everyObjectMovesOnceAndAllOfThemInTime() {
    for (int count = 1; count <= 4; count++) {
      double[] movement = movement(render(scene(Thing.WHISTLE, count, Size.SMALL), count, STILL));
      assertThat(bursts(movement)).as("bursts of %d", count).isEqualTo(count);
    }
    Scene five =
        Scene.pair(
            new Group(Thing.WHISTLE, Colour.RED, 2, Size.SMALL),
            Relation.LEFT_OF,
            new Group(Thing.PHONE, Colour.BLUE, 3, Size.SMALL),
            Background.PLAIN);
    assertThat(bursts(movement(render(five, 3, STILL)))).isEqualTo(5);
  }

  /** Stretches of movement with at least 0.1 s of rest between them. */
  private static int bursts(double[] movement) {
    int bursts = 0;
    int rest = 10;
    for (double value : movement) {
      if (value > 1e-6) {
        bursts += rest >= 10 ? 1 : 0;
        rest = 0;
      } else {
        rest++;
      }
    }
    return bursts;
  }

  @Test
  void noTwoThingsMoveAlike() {
    Set<Movement> movements = new HashSet<>();
    for (Thing thing : Thing.values()) {
      assertThat(Movement.of(thing)).as(thing.id()).isNotNull();
      assertThat(movements.add(Movement.of(thing))).as(thing.id()).isTrue();
    }
  }

  @Test
  void smallThingsMoveFasterThanLargeOnes() {
    long small = crossings(render(scene(Thing.WHISTLE, 1, Size.SMALL), 5, STILL));
    long large = crossings(render(scene(Thing.WHISTLE, 1, Size.LARGE), 5, STILL));
    assertThat(small).isGreaterThan(3 * large);
  }

  private static long crossings(Motion motion) {
    double rest = median(motion.x());
    long crossings = 0;
    for (int i = 1; i < motion.samples(); i++) {
      crossings += (motion.x()[i] - rest) * (motion.x()[i - 1] - rest) < 0 ? 1 : 0;
    }
    return crossings;
  }

  @Test
  void equalSeedsGiveEqualFilesAndOthersOtherOnes() throws IOException {
    Scene scene = scene(Thing.DOG, 2, Size.LARGE);
    Path first = folder.resolve("first.motion.csv");
    Path second = folder.resolve("second.motion.csv");
    MotionFile.write(first, render(scene, 21, Handling.CALM));
    MotionFile.write(second, render(scene, 21, Handling.CALM));
    assertThat(first).hasSameTextualContentAs(second);
    MotionFile.write(second, render(scene, 22, Handling.CALM));
    List<String> lines = Files.readAllLines(second);
    assertThat(lines).hasSize(401).isNotEqualTo(Files.readAllLines(first));
    assertThat(lines.getFirst()).isEqualTo("t,x,y,z");
    assertThat(lines.get(150)).matches("1\\.4900(,-?\\d+\\.\\d{3}){3}");
  }
}
