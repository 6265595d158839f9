package io.sensorium.media;

/**
 * The inverse modified discrete cosine transform of one block size, through a complex Fourier
 * transform of a quarter of it. Immutable.
 */
final class VorbisTransform {
  private final int size;
  private final int quarter;
  private final float[] twistCosines;
  private final float[] twistSines;
  private final float[] rootCosines;
  private final float[] rootSines;

  /**
   * @param size of the block, a power of two from 64
   */
  VorbisTransform(int size) {
    this.size = size;
    this.quarter = size / 4;
    twistCosines = new float[quarter];
    twistSines = new float[quarter];
    rootCosines = new float[quarter];
    rootSines = new float[quarter];
    for (int i = 0; i < quarter; i++) {
      double twist = -Math.PI * (8 * i + 1) / (4.0 * size);
      twistCosines[i] = (float) Math.cos(twist);
      twistSines[i] = (float) Math.sin(twist);
      double root = -2 * Math.PI * i / quarter;
      rootCosines[i] = (float) Math.cos(root);
      rootSines[i] = (float) Math.sin(root);
    }
  }

  /**
   * Computes {@code out[i] = sum over k of in[k] cos(pi / (2 size) (2i + 1 + size / 2)(2k + 1))}.
   *
   * @param spectrum {@code size / 2} values
   * @param block {@code size} values to write
   */
  void inverse(float[] spectrum, float[] block) {
    int half = size / 2;
    float[] real = new float[quarter];
    float[] imaginary = new float[quarter];
    int shift = Integer.numberOfLeadingZeros(quarter) + 1;
    for (int i = 0; i < quarter; i++) {
      float even = spectrum[2 * i];
      float odd = spectrum[half - 1 - 2 * i];
      int target = Integer.reverse(i) >>> shift;
      real[target] = even * twistCosines[i] - odd * twistSines[i];
      imaginary[target] = even * twistSines[i] + odd * twistCosines[i];
    }
    fourier(real, imaginary);
    float[] cosine = new float[half];
    for (int i = 0; i < quarter; i++) {
      cosine[2 * i] = real[i] * twistCosines[i] - imaginary[i] * twistSines[i];
      cosine[half - 1 - 2 * i] = -(real[i] * twistSines[i] + imaginary[i] * twistCosines[i]);
    }
    for (int i = 0; i < quarter; i++) {
      block[i] = cosine[i + quarter];
      block[size - quarter + i] = -cosine[i];
    }
    for (int i = quarter; i < size - quarter; i++) {
      block[i] = -cosine[size - quarter - 1 - i];
    }
  }

  /** In place; the input is in bit-reversed order. */
  private void fourier(float[] real, float[] imaginary) {
    for (int span = 1; span < quarter; span *= 2) {
      int stride = quarter / (2 * span);
      for (int start = 0; start < quarter; start += 2 * span) {
        for (int i = 0; i < span; i++) {
          float cosine = rootCosines[i * stride];
          float sine = rootSines[i * stride];
          int low = start + i;
          int high = low + span;
          float x = real[high] * cosine - imaginary[high] * sine;
          float y = real[high] * sine + imaginary[high] * cosine;
          real[high] = real[low] - x;
          imaginary[high] = imaginary[low] - y;
          real[low] += x;
          imaginary[low] += y;
        }
      }
    }
  }
}
