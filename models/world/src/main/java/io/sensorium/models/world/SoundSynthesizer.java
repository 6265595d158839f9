package io.sensorium.models.world;

import io.sensorium.models.world.sounds.Strike;
import io.sensorium.models.world.sounds.Strikes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Turns scenes into sound: every object strikes once, small things high and large things low.
 * Colour, position and background are not heard. Immutable and thread-safe; all randomness comes
 * from the call's generator.
 */
public final class SoundSynthesizer {

  /** Samples per second. */
  public static final int SAMPLE_RATE = Strike.SAMPLE_RATE;

  /** Samples of every clip: two seconds, mono. */
  public static final int CLIP_SAMPLES = 2 * SAMPLE_RATE;

  private static final double CLIP_SECONDS = 2.0;
  private static final double GAP_JITTER_SECONDS = 0.01;

  /** What is heard of {@code scene} in a quiet room. */
  public float[] render(Scene scene, RandomGenerator random) {
    return render(scene, random, Acoustics.CLEAR);
  }

  /**
   * What is heard of {@code scene}.
   *
   * @return {@value #CLIP_SAMPLES} samples within -1..1, owned by the caller
   */
  public float[] render(Scene scene, RandomGenerator random, Acoustics acoustics) {
    return render(scene.groups(), random, acoustics);
  }

  /** What is heard of {@code group} alone. */
  public float[] render(Group group, RandomGenerator random, Acoustics acoustics) {
    return render(List.of(group), random, acoustics);
  }

  private static float[] render(List<Group> groups, RandomGenerator random, Acoustics acoustics) {
    Objects.requireNonNull(acoustics, "acoustics");
    int[] order = strikeOrder(groups, random);
    int[] onsets = onsets(order.length, acoustics.overlapping(), random);
    float[][] strikes = strikes(groups, random);
    float[] clip = new float[CLIP_SAMPLES];
    int end = 0;
    for (int index = 0; index < order.length; index++) {
      float[] strike = strikes[order[index]];
      add(clip, strike, onsets[index], random.nextFloat(0.75f, 1f));
      end = Math.max(end, onsets[index] + strike.length);
    }
    end = Math.min(end, CLIP_SAMPLES);
    limit(clip, random.nextFloat(0.3f, 1f));
    RoomNoise.add(clip, onsets[0], end, acoustics.signalToNoiseDecibels(), random);
    if (acoustics.digitalSilence()) {
      Arrays.fill(clip, 0, onsets[0], 0f);
      Arrays.fill(clip, end, CLIP_SAMPLES, 0f);
    }
    keepWithinRange(clip);
    return clip;
  }

  private static float[][] strikes(List<Group> groups, RandomGenerator random) {
    float[][] strikes = new float[groups.size()][];
    for (int index = 0; index < strikes.length; index++) {
      Group group = groups.get(index);
      double pitch = group.size().pitch() * random.nextDouble(0.93, 1.07);
      strikes[index] = Strikes.of(group.thing()).render(pitch, random);
    }
    return strikes;
  }

  /** Which group strikes when: all groups' strikes in random order. */
  private static int[] strikeOrder(List<Group> groups, RandomGenerator random) {
    int[] order = new int[groups.stream().mapToInt(Group::count).sum()];
    int filled = groups.getFirst().count();
    Arrays.fill(order, filled, order.length, 1);
    for (int index = order.length - 1; index > 0; index--) {
      int other = random.nextInt(index + 1);
      int swapped = order[index];
      order[index] = order[other];
      order[other] = swapped;
    }
    return order;
  }

  private static int[] onsets(int strikes, boolean overlapping, RandomGenerator random) {
    double gap = overlapping ? random.nextDouble(0.24, 0.36) : random.nextDouble(0.42, 0.48);
    double room = CLIP_SECONDS - Strike.MAXIMUM_SECONDS - 2 * GAP_JITTER_SECONDS;
    gap = Math.min(gap, strikes > 1 ? room / (strikes - 1) : gap);
    double start =
        GAP_JITTER_SECONDS + random.nextDouble() * Math.max(0, room - gap * (strikes - 1));
    int[] onsets = new int[strikes];
    for (int index = 0; index < strikes; index++) {
      double jitter = random.nextDouble(-GAP_JITTER_SECONDS, GAP_JITTER_SECONDS);
      onsets[index] = (int) Math.round((start + index * gap + jitter) * SAMPLE_RATE);
    }
    return onsets;
  }

  private static void add(float[] clip, float[] strike, int onset, float gain) {
    int length = Math.min(strike.length, clip.length - onset);
    for (int index = 0; index < length; index++) {
      clip[onset + index] += gain * strike[index];
    }
  }

  private static void limit(float[] clip, float peak) {
    scale(clip, peak / Math.max(peak(clip), 1e-9f));
  }

  private static void keepWithinRange(float[] clip) {
    float peak = peak(clip);
    if (peak > 1) {
      scale(clip, 1 / peak);
    }
  }

  private static float peak(float[] clip) {
    float peak = 0;
    for (float sample : clip) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }

  private static void scale(float[] clip, float factor) {
    for (int index = 0; index < clip.length; index++) {
      clip[index] *= factor;
    }
  }
}
