package io.sensorium.examples.motion;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;

/**
 * Spectra of motion that do not depend on how the sensor was turned: for each of overlapping
 * windows the power at each frequency, first along gravity, then across it.
 *
 * <p>Gravity is the mean of the recording; without it, a Hann window and a discrete Fourier
 * transform give a complex vector per frequency, whose part along gravity and whose remainder keep
 * their lengths under any rotation. Values are {@code (ln(power + floor) - mean) / std}, power in
 * (m/s²)². Beyond the recording's end there is rest. Immutable and thread-safe.
 */
public final class MotionFeatures {
  private static final String TYPE = "MotionSpectrogram";
  private static final int MAX_SAMPLES = 1 << 16;
  private static final int MAX_VALUES = 1 << 20;
  private static final double LEAST_GRAVITY = 4;
  private static final double MOST_GRAVITY = 20;

  private final int rate;
  private final int hop;
  private final int frames;
  private final double floor;
  private final double mean;
  private final double deviation;
  private final WindowedFourier fourier;

  private MotionFeatures(Settings settings) {
    rate = within(settings, "sampling_rate", 1, 10_000);
    int window = within(settings, "window_length", 2, MAX_SAMPLES);
    int period = within(settings, "fft_length", window, MAX_SAMPLES);
    hop = within(settings, "hop_length", 1, window);
    int frequencies = within(settings, "num_frequencies", 1, period / 2);
    frames = within(settings, "max_length", 1, (MAX_SAMPLES - window) / hop + 1);
    floor = settings.decimal("floor");
    mean = settings.decimal("mean");
    deviation = settings.decimal("std");
    if (!(floor > 0) || !(deviation > 0)) {
      throw new ModelLoadException(
          "floor and std must be positive; got %s and %s".formatted(floor, deviation));
    }
    if ((long) frames * frequencies > MAX_VALUES || (long) window * frequencies > MAX_VALUES) {
      throw new ModelLoadException(
          "at most %d values are made; %d frames of %d frequencies were declared"
              .formatted(MAX_VALUES, frames, frequencies));
    }
    fourier = new WindowedFourier(window, period, frequencies);
  }

  /**
   * Reads a declaration.
   *
   * @throws ModelLoadException if it cannot be honoured
   */
  public static MotionFeatures declaredBy(Settings settings) {
    String type = settings.text("feature_extractor_type", "");
    if (!type.equals(TYPE)) {
      throw new ModelLoadException(
          "feature_extractor_type must be %s; got '%s'".formatted(TYPE, type));
    }
    return new MotionFeatures(settings);
  }

  private static int within(Settings settings, String key, int least, int most) {
    int value = settings.integer(key);
    if (value < least || value > most) {
      throw new ModelLoadException(
          "%s must be %d to %d; got %d".formatted(key, least, most, value));
    }
    return value;
  }

  /** Samples per second that {@link #of} expects. */
  public int rate() {
    return rate;
  }

  /** How many samples are looked at; what follows them is not. */
  public int samples() {
    return (frames - 1) * hop + fourier.window();
  }

  /** The shape of every result: one recording, frames, then frequencies along and across. */
  public Shape shape() {
    return Shape.of(1, frames, 2L * fourier.frequencies());
  }

  /**
   * The features of one recording.
   *
   * @param name what messages call it
   * @return float32, owned by the caller
   * @throws UnsupportedInputException if the recording is shorter than a window or holds no gravity
   */
  public Tensor of(Acceleration recording, String name) {
    if (recording.samples() < fourier.window()) {
      throw new UnsupportedInputException(
          "at least %.2f s of motion are required; '%s' has %.2f s"
              .formatted(
                  fourier.window() / (double) rate, name, recording.samples() / (double) rate));
    }
    int count = Math.min(recording.samples(), samples());
    double[][] axes = {recording.x(), recording.y(), recording.z()};
    double[] gravity = {mean(axes[0], count), mean(axes[1], count), mean(axes[2], count)};
    double strength = Math.hypot(Math.hypot(gravity[0], gravity[1]), gravity[2]);
    if (!(strength >= LEAST_GRAVITY && strength <= MOST_GRAVITY)) {
      throw new UnsupportedInputException(
          ("acceleration with gravity, about 9.8 m/s², is required; '%s' has a mean of %.2f m/s²."
                  + " A column in another unit says so, for instance x[g]")
              .formatted(name, strength));
    }
    double[][] moved = new double[3][samples()];
    for (int axis = 0; axis < 3; axis++) {
      for (int i = 0; i < count; i++) {
        moved[axis][i] = axes[axis][i] - gravity[axis];
      }
      gravity[axis] /= strength;
    }
    return spectra(moved, gravity);
  }

  private static double mean(double[] values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum / count;
  }

  private Tensor spectra(double[][] moved, double[] up) {
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape());
    FloatBuffer target = tensor.asFloats();
    int frequencies = fourier.frequencies();
    var along = new double[frequencies];
    var across = new double[frequencies];
    for (int frame = 0; frame < frames; frame++) {
      fourier.powers(moved, up, frame * hop, along, across);
      for (int k = 0; k < frequencies; k++) {
        target.put((2 * frame) * frequencies + k, normalised(along[k]));
        target.put((2 * frame + 1) * frequencies + k, normalised(across[k]));
      }
    }
    return tensor;
  }

  private float normalised(double power) {
    return (float) ((Math.log(power + floor) - mean) / deviation);
  }
}
