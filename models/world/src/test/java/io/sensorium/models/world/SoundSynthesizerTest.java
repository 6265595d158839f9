package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoundSynthesizerTest {

  private static final int FRAME = 160;

  private final SoundSynthesizer synthesizer = new SoundSynthesizer();
  private final SceneSampler sampler = new SceneSampler(0.5);

  private static Group clocks(int count, Size size) {
    return new Group(Thing.CLOCK, Colour.RED, count, size);
  }

  private static Group horns(Size size) {
    return new Group(Thing.HORN, Colour.RED, 1, size);
  }

  @Test
  void everyClipLastsTwoSecondsWithinRange() {
    RandomGenerator random = Seeds.generator(41);
    for (int trial = 0; trial < 500; trial++) {
      Scene scene = sampler.sample(random);
      float[] clip = synthesizer.render(scene, random, Acoustics.draw(random));
      assertThat(clip).hasSize(32_000);
      float peak = 0;
      for (float sample : clip) {
        assertThat(Float.isFinite(sample)).isTrue();
        peak = Math.max(peak, Math.abs(sample));
      }
      assertThat(peak).as(scene.toString()).isBetween(0.25f, 1f);
    }
  }

  @Test
  void equalSeedsSoundEqualOnAnyThread() {
    List<float[]> alone = IntStream.range(0, 31).mapToObj(this::clip).toList();
    List<float[]> together = IntStream.range(0, 31).parallel().mapToObj(this::clip).toList();
    for (int index = 0; index < alone.size(); index++) {
      assertThat(together.get(index)).isEqualTo(alone.get(index));
    }
    assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
  }

  private float[] clip(int index) {
    RandomGenerator random = Seeds.generator(42, index);
    return synthesizer.render(sampler.sample(random), random, Acoustics.draw(random));
  }

  @Test
  void asManyStrikesAreHeardAsTheGroupHolds() {
    for (int count = 1; count <= Group.MAXIMUM_COUNT; count++) {
      for (int seed = 0; seed < 20; seed++) {
        float[] clip =
            synthesizer.render(
                new Group(Thing.BELL, Colour.RED, count, Size.SMALL),
                Seeds.generator(seed),
                Acoustics.CLEAR);
        assertThat(attacks(clip)).as("count %d, seed %d", count, seed).isEqualTo(count);
      }
    }
  }

  /** Frames that are much louder than the frame before, the attack itself counted once. */
  private static int attacks(float[] clip) {
    int attacks = 0;
    double before = 1;
    int last = Integer.MIN_VALUE / 2;
    for (int start = 0; start + FRAME <= clip.length; start += FRAME) {
      double now = power(clip, start, start + FRAME) + 1e-3;
      if (now > 1.5 * before && start - last > 20 * FRAME) {
        attacks++;
        last = start;
      }
      before = now;
    }
    return attacks;
  }

  @Test
  void bothGroupsOfAPairAreHeard() {
    Group bells = new Group(Thing.BELL, Colour.RED, 2, Size.SMALL);
    Group clocks = clocks(3, Size.LARGE);
    Scene scene = Scene.pair(bells, Relation.ABOVE, clocks, Background.PLAIN);
    for (int seed = 0; seed < 10; seed++) {
      float[] clip = synthesizer.render(scene, Seeds.generator(seed));
      // Bells ring on for their whole strike, ticks of a clock die within a twentieth of a second.
      double ringing = 0;
      for (int start = 0; start + FRAME <= clip.length; start += FRAME) {
        ringing += power(clip, start, start + FRAME) > 1e-3 ? FRAME : 0;
      }
      assertThat(ringing / SoundSynthesizer.SAMPLE_RATE).isBetween(0.7, 1.3);
    }
  }

  @Test
  void smallThingsSoundHigherThanLargeOnes() {
    double small = crossingsPerSecond(Size.SMALL);
    double medium = crossingsPerSecond(Size.MEDIUM);
    double large = crossingsPerSecond(Size.LARGE);
    assertThat(small / medium).isCloseTo(2, within(0.35));
    assertThat(medium / large).isCloseTo(2, within(0.35));
  }

  private double crossingsPerSecond(Size size) {
    Group owl = new Group(Thing.OWL, Colour.RED, 1, size);
    float[] clip = synthesizer.render(owl, Seeds.generator(43), Acoustics.CLEAR);
    int crossings = 0;
    int loud = 0;
    for (int start = 0; start + FRAME < clip.length; start += FRAME) {
      if (power(clip, start, start + FRAME) > 0.01) {
        loud += FRAME;
        for (int index = start; index < start + FRAME; index++) {
          crossings += clip[index] * clip[index + 1] < 0 ? 1 : 0;
        }
      }
    }
    return crossings * (double) SoundSynthesizer.SAMPLE_RATE / loud;
  }

  @Test
  void noiseHasTheStatedRatioToTheSignal() {
    for (double decibels : new double[] {0, 5, 10}) {
      for (int seed = 0; seed < 10; seed++) {
        float[] clip = new float[SoundSynthesizer.CLIP_SAMPLES];
        for (int index = 8_000; index < 16_000; index++) {
          clip[index] = (float) Math.sin(0.1 * index);
        }
        float[] clean = clip.clone();
        RoomNoise.add(clip, 8_000, 16_000, OptionalDouble.of(decibels), Seeds.generator(44, seed));
        for (int index = 0; index < clip.length; index++) {
          clip[index] -= clean[index];
        }
        double ratio = power(clean, 8_000, 16_000) / power(clip, 0, clip.length);
        assertThat(10 * Math.log10(ratio)).isCloseTo(decibels, within(0.01));
      }
    }
  }

  @Test
  void noisyClipsAreNeverQuietBetweenStrikesAndClearOnesAre() {
    Group bell = horns(Size.MEDIUM);
    float[] noisy = synthesizer.render(bell, Seeds.generator(45), Acoustics.noisy(0));
    float[] clear = synthesizer.render(bell, Seeds.generator(45), Acoustics.CLEAR);
    assertThat(quietFrames(noisy)).isZero();
    assertThat(quietFrames(clear)).isGreaterThan(100);
  }

  private static int quietFrames(float[] clip) {
    return (int)
        IntStream.range(0, clip.length / FRAME)
            .filter(frame -> power(clip, frame * FRAME, (frame + 1) * FRAME) < 2e-4)
            .count();
  }

  @Test
  void digitalSilenceIsExactlyZero() {
    Acoustics silent = new Acoustics(OptionalDouble.of(5), false, true);
    List<Integer> zeros = new ArrayList<>();
    for (int seed = 0; seed < 10; seed++) {
      float[] clip = synthesizer.render(horns(Size.LARGE), Seeds.generator(seed), silent);
      zeros.add((int) IntStream.range(0, clip.length).filter(index -> clip[index] == 0).count());
    }
    // One horn sounds for 0.4 of 2 seconds.
    assertThat(zeros).allSatisfy(count -> assertThat(count).isBetween(25_000, 26_500));
  }

  @Test
  void overlappingStrikesFollowFaster() {
    Acoustics overlapping = new Acoustics(OptionalDouble.empty(), true, false);
    for (int seed = 0; seed < 10; seed++) {
      Group horns = new Group(Thing.HORN, Colour.RED, 4, Size.MEDIUM);
      double separate =
          loudSeconds(synthesizer.render(horns, Seeds.generator(seed), Acoustics.CLEAR));
      double merged = loudSeconds(synthesizer.render(horns, Seeds.generator(seed), overlapping));
      assertThat(merged).isLessThan(separate - 0.1);
    }
  }

  private static double loudSeconds(float[] clip) {
    return 2.0 - quietFrames(clip) * (double) FRAME / SoundSynthesizer.SAMPLE_RATE;
  }

  @Test
  void impossibleRatiosAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Acoustics.noisy(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Acoustics.noisy(101));
  }

  private static double power(float[] samples, int start, int end) {
    double sum = 0;
    for (int index = start; index < end; index++) {
      sum += (double) samples[index] * samples[index];
    }
    return sum / (end - start);
  }
}
