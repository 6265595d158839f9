package io.sensorium.examples.motion.simulation;

import io.sensorium.models.world.Group;
import io.sensorium.models.world.Scene;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Turns scenes into motion: every object moves once, small ones fast and large ones slowly, while a
 * sensor that is turned anyhow records it. Colour, position and background are not felt. Immutable
 * and thread-safe; all randomness comes from the call's generator.
 */
public final class MotionSynthesizer {
  /** Samples per second. */
  public static final double RATE = 100;

  /** How long every recording is. */
  public static final double SECONDS = 4;

  /** Standard gravity, in m/s². */
  public static final double GRAVITY = 9.80665;

  private static final int SAMPLES = (int) (SECONDS * RATE);
  private static final double JITTER_SECONDS = 0.02;
  private static final double SHORTEST_GAP_SECONDS = 0.8;
  private static final double LONGEST_GAP_SECONDS = 0.95;
  private static final double WEAKEST = 1.5;
  private static final double STRONGEST = 6;

  /** What is recorded of {@code scene}. */
  public Motion render(Scene scene, RandomGenerator random, Handling handling) {
    Objects.requireNonNull(handling, "handling");
    Group[] order = order(scene, random);
    int[] onsets = onsets(order.length, random);
    var upright = new double[SAMPLES];
    var north = new double[SAMPLES];
    var east = new double[SAMPLES];
    double gain = WEAKEST * Math.pow(STRONGEST / WEAKEST, random.nextDouble());
    double direction = random.nextDouble(0, 2 * Math.PI);
    for (int index = 0; index < order.length; index++) {
      Burst burst = Burst.of(order[index], RATE, random);
      double strength = gain * random.nextDouble(0.75, 1);
      double towards = direction + random.nextDouble(-0.3, 0.3);
      add(upright, burst.upright(), onsets[index], strength);
      add(north, burst.sideways(), onsets[index], strength * Math.cos(towards));
      add(east, burst.sideways(), onsets[index], strength * Math.sin(towards));
    }
    sway(new double[][] {upright, north, east}, handling.sway(), random);
    for (int i = 0; i < SAMPLES; i++) {
      upright[i] += GRAVITY;
    }
    return recorded(upright, north, east, handling.noise(), random);
  }

  /** Which group moves when: all groups' bursts in random order. */
  private static Group[] order(Scene scene, RandomGenerator random) {
    var order = new Group[scene.objectCount()];
    int filled = scene.first().count();
    Arrays.fill(order, 0, filled, scene.first());
    scene.second().ifPresent(second -> Arrays.fill(order, filled, order.length, second));
    for (int index = order.length - 1; index > 0; index--) {
      int other = random.nextInt(index + 1);
      Group swapped = order[index];
      order[index] = order[other];
      order[other] = swapped;
    }
    return order;
  }

  private static int[] onsets(int bursts, RandomGenerator random) {
    double room = SECONDS - Movement.SECONDS - 2 * JITTER_SECONDS;
    double gap = random.nextDouble(SHORTEST_GAP_SECONDS, LONGEST_GAP_SECONDS);
    gap = Math.min(gap, bursts > 1 ? room / (bursts - 1) : gap);
    double start = JITTER_SECONDS + random.nextDouble() * Math.max(0, room - gap * (bursts - 1));
    var onsets = new int[bursts];
    for (int index = 0; index < bursts; index++) {
      double jitter = random.nextDouble(-JITTER_SECONDS, JITTER_SECONDS);
      onsets[index] = (int) Math.round((start + index * gap + jitter) * RATE);
    }
    return onsets;
  }

  private static void add(double[] axis, double[] burst, int onset, double gain) {
    int length = Math.min(burst.length, axis.length - onset);
    for (int index = 0; index < length; index++) {
      axis[onset + index] += gain * burst[index];
    }
  }

  private static void sway(double[][] axes, double amplitude, RandomGenerator random) {
    for (double[] axis : axes) {
      double turn = 2 * Math.PI * random.nextDouble(0.2, 0.7) / RATE;
      double phase = random.nextDouble(0, 2 * Math.PI);
      for (int i = 0; i < axis.length; i++) {
        axis[i] += amplitude * Math.sin(turn * i + phase);
      }
    }
  }

  private static Motion recorded(
      double[] upright, double[] north, double[] east, double noise, RandomGenerator random) {
    double[][] turned = rotation(random);
    var axes = new double[3][SAMPLES];
    for (int axis = 0; axis < 3; axis++) {
      for (int i = 0; i < SAMPLES; i++) {
        axes[axis][i] =
            turned[axis][0] * north[i]
                + turned[axis][1] * east[i]
                + turned[axis][2] * upright[i]
                + noise * random.nextGaussian();
      }
    }
    return new Motion(RATE, axes[0], axes[1], axes[2]);
  }

  /** A rotation drawn uniformly: that of a random unit quaternion (Shoemake 1992). */
  private static double[][] rotation(RandomGenerator random) {
    double w = random.nextGaussian();
    double x = random.nextGaussian();
    double y = random.nextGaussian();
    double z = random.nextGaussian();
    double length = Math.sqrt(w * w + x * x + y * y + z * z);
    w /= length;
    x /= length;
    y /= length;
    z /= length;
    return new double[][] {
      {1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
      {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
      {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}
    };
  }
}
