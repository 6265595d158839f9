package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SceneRendererTest {

  private final SceneRenderer renderer = new SceneRenderer();
  private final SceneSampler sampler = new SceneSampler(0.5);

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static Scene clock(Size size, Position position) {
    return Scene.single(new Group(Thing.CLOCK, Colour.BLUE, 1, size), position, Background.CHECKED);
  }

  @Test
  void equalSeedsDrawEqualPixelsOnAnyThread() {
    List<Scene> scenes = IntStream.range(0, 101).mapToObj(this::scene).toList();
    List<int[]> alone = IntStream.range(0, 101).mapToObj(index -> draw(scenes, index)).toList();
    List<int[]> together =
        IntStream.range(0, 101).parallel().mapToObj(index -> draw(scenes, index)).toList();
    for (int index = 0; index < alone.size(); index++) {
      assertThat(together.get(index)).isEqualTo(alone.get(index));
    }
    assertThat(pixels(renderer.render(scenes.getFirst(), Seeds.generator(999), 80)))
        .isNotEqualTo(alone.getFirst());
  }

  private Scene scene(int index) {
    return sampler.sample(Seeds.generator(31, index));
  }

  private int[] draw(List<Scene> scenes, int index) {
    return pixels(renderer.render(scenes.get(index), Seeds.generator(32, index), 80));
  }

  @Test
  void everySceneOfEverySizeCanBeDrawn() {
    RandomGenerator random = Seeds.generator(33);
    for (int trial = 0; trial < 3_000; trial++) {
      BufferedImage image = renderer.render(sampler.sample(random), random, 33);
      assertThat(image.getWidth()).isEqualTo(33);
      assertThat(image.getHeight()).isEqualTo(33);
      assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    }
  }

  @Test
  void theSameSeedDrawsTheSamePictureLarger() {
    for (int trial = 0; trial < 20; trial++) {
      Scene scene = scene(trial);
      BufferedImage small = renderer.render(scene, Seeds.generator(trial), 80);
      BufferedImage large = renderer.render(scene, Seeds.generator(trial), 320);
      double difference = 0;
      for (int y = 0; y < 80; y++) {
        for (int x = 0; x < 80; x++) {
          difference += Math.abs(green(small.getRGB(x, y)) - meanGreen(large, 4 * x, 4 * y));
        }
      }
      assertThat(difference / 6_400).as("mean difference of %s", scene).isLessThan(3);
    }
  }

  private static double meanGreen(BufferedImage image, int left, int top) {
    double sum = 0;
    for (int pixel : image.getRGB(left, top, 4, 4, null, 0, 4)) {
      sum += green(pixel);
    }
    return sum / 16;
  }

  private static int green(int rgb) {
    return rgb >> 8 & 255;
  }

  @Test
  void asManyThingsAreSeenAsTheGroupHolds() {
    for (Size size : Size.values()) {
      for (int count = 1; count <= Group.MAXIMUM_COUNT; count++) {
        for (int seed = 0; seed < 20; seed++) {
          Group bells = new Group(Thing.BELL, Colour.BLUE, count, size);
          Scene scene = Scene.single(bells, Position.CENTRE, Background.CHECKED);
          BufferedImage image = renderer.render(scene, Seeds.generator(seed), 160);
          assertThat(Blobs.of(image)).as("%s, seed %d", scene, seed).hasSize(count);
        }
      }
    }
  }

  @Test
  void sizesKeepTheirDistanceAndNothingIsSmallerThanTwelvePixels() {
    for (int seed = 0; seed < 30; seed++) {
      double small = side(clock(Size.SMALL, Position.CENTRE), seed);
      double medium = side(clock(Size.MEDIUM, Position.CENTRE), seed);
      double large = side(clock(Size.LARGE, Position.CENTRE), seed);
      assertThat(small).isCloseTo(15.2, within(2.5)).isLessThan(medium);
      assertThat(large).isCloseTo(27.2, within(3.5)).isGreaterThan(medium);
      Group clock = new Group(Thing.CLOCK, Colour.BLUE, 1, Size.SMALL);
      Group waves = new Group(Thing.WAVE, Colour.RED, 4, Size.LARGE);
      Scene pair = Scene.pair(clock, Relation.LEFT_OF, waves, Background.PLAIN);
      assertThat(side(pair, seed)).isGreaterThanOrEqualTo(12);
    }
  }

  private double side(Scene scene, long seed) {
    List<Blobs.Blob> blobs = Blobs.of(renderer.render(scene, Seeds.generator(seed), 80));
    Blobs.Blob clock = blobs.getFirst();
    return Math.max(clock.right() - clock.left(), clock.bottom() - clock.top()) + 1.0;
  }

  @ParameterizedTest
  @EnumSource(Position.class)
  void aGroupLiesAtItsPosition(Position position) {
    for (int seed = 0; seed < 20; seed++) {
      BufferedImage image =
          renderer.render(clock(Size.MEDIUM, position), Seeds.generator(seed), 80);
      Blobs.Blob clock = Blobs.of(image).getFirst();
      assertThat(third((clock.left() + clock.right()) / 2.0)).isEqualTo(position.column());
      assertThat(third((clock.top() + clock.bottom()) / 2.0)).isEqualTo(position.row());
    }
  }

  private static int third(double place) {
    return place < 80 / 3.0 ? 0 : place < 160 / 3.0 ? 1 : 2;
  }

  @Test
  void theGroupsOfAPairKeepTheirRelationAndNeverOverlap() {
    RandomGenerator random = Seeds.generator(35);
    SceneSampler pairs = new SceneSampler(1);
    for (int trial = 0; trial < 5_000; trial++) {
      Scene scene = pairs.sample(random);
      List<Placed> placed = Placed.groups(scene, random);
      Placed first = placed.getFirst();
      Placed second = placed.getLast();
      boolean beside = scene.relation().orElseThrow() == Relation.LEFT_OF;
      double end =
          beside
              ? first.left() + first.layout().width(first.box())
              : first.top() + first.layout().height(first.box());
      assertThat(end).as(scene.toString()).isLessThan(beside ? second.left() : second.top());
      for (Placed group : placed) {
        assertThat(group.left()).isGreaterThanOrEqualTo(0);
        assertThat(group.top()).isGreaterThanOrEqualTo(0);
        assertThat(group.left() + group.layout().width(group.box())).isLessThanOrEqualTo(1);
        assertThat(group.top() + group.layout().height(group.box())).isLessThanOrEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Colour.class)
  void aGroupHasItsColour(Colour colour) {
    Scene scene =
        Scene.single(
            new Group(Thing.BELL, colour, 1, Size.LARGE), Position.CENTRE, Background.PLAIN);
    List<Double> distances = new ArrayList<>();
    BufferedImage image = renderer.render(scene, Seeds.generator(36), 80);
    Color middle = new Color(image.getRGB(40, 40));
    for (Colour other : Colour.values()) {
      Color wanted = new Color(other.rgb());
      distances.add(
          Math.hypot(
              Math.hypot(middle.getRed() - wanted.getRed(), middle.getGreen() - wanted.getGreen()),
              middle.getBlue() - wanted.getBlue()));
    }
    assertThat(distances.indexOf(distances.stream().min(Double::compare).orElseThrow()))
        .isEqualTo(List.of(Colour.values()).indexOf(colour));
  }

  @ParameterizedTest
  @EnumSource(Background.class)
  void theBackgroundIsPaleAndOnlyAPlainOneIsUniform(Background background) {
    Scene scene =
        Scene.single(
            new Group(Thing.BELL, Colour.RED, 1, Size.SMALL), Position.BOTTOM_RIGHT, background);
    for (int seed = 0; seed < 20; seed++) {
      int[] corner =
          renderer.render(scene, Seeds.generator(seed), 80).getRGB(0, 0, 40, 40, null, 0, 40);
      long shades = IntStream.of(corner).distinct().count();
      assertThat(shades == 1).isEqualTo(background == Background.PLAIN);
      assertThat(IntStream.of(corner).map(SceneRendererTest::green).min().orElseThrow())
          .isGreaterThan(110);
    }
  }

  @Test
  void tinyImagesAreRefused() {
    Scene scene = scene(0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> renderer.render(scene, Seeds.generator(1), 15))
        .withMessageContaining("15");
  }
}
