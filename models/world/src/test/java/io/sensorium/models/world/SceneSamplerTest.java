package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SceneSamplerTest {

  private static List<Scene> draw(SceneSampler sampler, long seed, int count) {
    RandomGenerator random = Seeds.generator(seed);
    return Stream.generate(() -> sampler.sample(random)).limit(count).toList();
  }

  @Test
  void equalSeedsDrawEqualScenes() {
    SceneSampler sampler = new SceneSampler(0.5);
    assertThat(draw(sampler, 9, 101)).isEqualTo(draw(sampler, 9, 101));
    assertThat(draw(sampler, 9, 101)).isNotEqualTo(draw(sampler, 10, 101));
  }

  @Test
  void theShareOfPairsIsKept() {
    List<Scene> scenes = draw(new SceneSampler(0.3), 1, 10_000);
    double pairs = scenes.stream().filter(Scene::twoKinds).count() / 10_000.0;
    assertThat(pairs).isCloseTo(0.3, within(0.02));
    assertThat(draw(new SceneSampler(0), 1, 1_000)).noneMatch(Scene::twoKinds);
    assertThat(draw(new SceneSampler(1), 1, 1_000)).allMatch(Scene::twoKinds);
  }

  @Test
  void everyValueOfEveryAttributeIsDrawnAboutEquallyOften() {
    List<Scene> scenes = draw(new SceneSampler(0), 2, 26_000);
    for (Thing thing : Thing.values()) {
      assertThat(scenes.stream().filter(scene -> scene.first().thing() == thing).count())
          .isBetween(850L, 1_150L);
    }
    for (int count = 1; count <= Group.MAXIMUM_COUNT; count++) {
      int number = count;
      assertThat(scenes.stream().filter(scene -> scene.first().count() == number).count())
          .isBetween(6_200L, 6_800L);
    }
  }

  @Test
  void everyClaimThatACaptionMakesCanBeSampledAgainFromTheSameSplit() {
    RandomGenerator random = Seeds.generator(4);
    SceneSampler sampler = new SceneSampler(0.5);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    for (int trial = 0; trial < 2_000; trial++) {
      Scene scene = sampler.sample(Split.TRAIN, random);
      assertThat(Split.of(scene)).isEqualTo(Split.TRAIN);
      Caption caption = writer.write(scene, random);
      Scene again = sampler.sample(Split.TRAIN, caption.claim(), random);
      assertThat(caption.matches(again)).as("%s of %s", caption, again).isTrue();
      assertThat(Split.of(again)).isEqualTo(Split.TRAIN);
    }
  }

  @Test
  void fixedAttributesAreKept() {
    Claim claim =
        Claim.of(
            GroupClaim.ANY
                .with(Thing.OWL)
                .with(Colour.PINK)
                .with(Size.LARGE)
                .with(Position.TOP_RIGHT)
                .with(CountRange.exactly(3)));
    Scene scene = new SceneSampler(1).sample(claim, Seeds.generator(6));
    assertThat(scene.first()).isEqualTo(new Group(Thing.OWL, Colour.PINK, 3, Size.LARGE));
    assertThat(scene.position()).contains(Position.TOP_RIGHT);
  }

  @Test
  void impossibleClaimsAreRefused() {
    SceneSampler sampler = new SceneSampler(0.5);
    RandomGenerator random = Seeds.generator(8);
    GroupClaim bell = GroupClaim.ANY.with(Thing.BELL);
    GroupClaim four = GroupClaim.ANY.with(CountRange.exactly(4));
    Claim purpleBell = Claim.of(bell.with(Colour.PURPLE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.sample(Claim.of(bell, bell), random))
        .withMessageContaining("BELL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.sample(Claim.of(four, four), random))
        .withMessageContaining("at most 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.sample(Split.TRAIN, purpleBell, random))
        .withMessageContaining("TRAIN");
    assertThatIllegalArgumentException().isThrownBy(() -> new SceneSampler(1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> new SceneSampler(Double.NaN));
  }
}
