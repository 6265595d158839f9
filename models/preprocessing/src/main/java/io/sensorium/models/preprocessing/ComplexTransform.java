package io.sensorium.models.preprocessing;

/**
 * The discrete Fourier transform of complex signals of any length, by Stockham's self-sorting
 * factorisation into radices 4, 5, 3 and 2 (Van Loan, "Computational Frameworks for the Fast
 * Fourier Transform", section 1.7); other prime factors p cost p operations a value. Immutable and
 * thread-safe.
 *
 * <p>Values are interleaved: real part, imaginary part.
 */
final class ComplexTransform {
  private static final double SINE_72 = Math.sin(2 * Math.PI / 5);
  private static final double SINE_36 = Math.sin(Math.PI / 5);
  private static final double COSINE_72 = Math.cos(2 * Math.PI / 5);
  private static final double COSINE_36 = -Math.cos(Math.PI / 5);

  /**
   * A pass over all values.
   *
   * @param radix how many values a butterfly takes
   * @param groups how many butterflies there are for each value of {@code stride}
   * @param stride how many neighbours share a butterfly's factors
   * @param twiddles for every group {@code radix - 1} complex factors
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pass(int radix, int groups, int stride, double[] twiddles) {}

  private final int length;
  private final Pass[] passes;

  /**
   * @param length how many complex values, at least 1
   */
  ComplexTransform(int length) {
    this.length = length;
    int[] radices = radices(length);
    passes = new Pass[radices.length];
    int remaining = length;
    int stride = 1;
    for (int i = 0; i < radices.length; i++) {
      passes[i] =
          new Pass(radices[i], remaining / radices[i], stride, twiddles(remaining, radices[i]));
      remaining /= radices[i];
      stride *= radices[i];
    }
  }

  private static int[] radices(int length) {
    var radices = java.util.stream.IntStream.builder();
    int remaining = length;
    for (int radix : new int[] {4, 5, 3, 2}) {
      for (; remaining % radix == 0; remaining /= radix) {
        radices.add(radix);
      }
    }
    for (int radix = 7; remaining > 1; radix += 2) {
      for (; remaining % radix == 0; remaining /= radix) {
        radices.add(radix);
      }
    }
    return radices.build().toArray();
  }

  private static double[] twiddles(int length, int radix) {
    int groups = length / radix;
    var twiddles = new double[2 * groups * (radix - 1)];
    for (int group = 0, at = 0; group < groups; group++) {
      for (int k = 1; k < radix; k++) {
        double angle = -2 * Math.PI * ((long) group * k % length) / length;
        twiddles[at++] = Math.cos(angle);
        twiddles[at++] = Math.sin(angle);
      }
    }
    return twiddles;
  }

  /**
   * Transforms.
   *
   * @param values {@code 2 * length} numbers, overwritten
   * @param scratch as many, overwritten
   * @return whichever of the two holds the result
   */
  double[] transform(double[] values, double[] scratch) {
    double[] from = values;
    double[] to = scratch;
    for (Pass pass : passes) {
      switch (pass.radix) {
        case 2 -> radix2(pass, from, to);
        case 3 -> radix3(pass, from, to);
        case 4 -> radix4(pass, from, to);
        case 5 -> radix5(pass, from, to);
        default -> anyRadix(pass, from, to);
      }
      double[] written = to;
      to = from;
      from = written;
    }
    return from;
  }

  private void radix2(Pass pass, double[] from, double[] to) {
    int stride = 2 * pass.stride;
    for (int group = 0; group < pass.groups; group++) {
      double w1r = pass.twiddles[2 * group];
      double w1i = pass.twiddles[2 * group + 1];
      int read = group * stride;
      int write = 2 * read;
      for (int end = read + stride; read < end; read += 2, write += 2) {
        double ar = from[read];
        double ai = from[read + 1];
        double br = from[read + length];
        double bi = from[read + length + 1];
        to[write] = ar + br;
        to[write + 1] = ai + bi;
        put(to, write + stride, ar - br, ai - bi, w1r, w1i);
      }
    }
  }

  private void radix3(Pass pass, double[] from, double[] to) {
    int stride = 2 * pass.stride;
    int third = 2 * (length / 3);
    double sine = Math.sqrt(0.75);
    for (int group = 0; group < pass.groups; group++) {
      double w1r = pass.twiddles[4 * group];
      double w1i = pass.twiddles[4 * group + 1];
      double w2r = pass.twiddles[4 * group + 2];
      double w2i = pass.twiddles[4 * group + 3];
      int read = group * stride;
      int write = 3 * read;
      for (int end = read + stride; read < end; read += 2, write += 2) {
        double ar = from[read];
        double ai = from[read + 1];
        double br = from[read + third];
        double bi = from[read + third + 1];
        double cr = from[read + 2 * third];
        double ci = from[read + 2 * third + 1];
        double sr = br + cr;
        double si = bi + ci;
        double dr = sine * (bi - ci);
        double di = sine * (cr - br);
        double mr = ar - 0.5 * sr;
        double mi = ai - 0.5 * si;
        to[write] = ar + sr;
        to[write + 1] = ai + si;
        put(to, write + stride, mr + dr, mi + di, w1r, w1i);
        put(to, write + 2 * stride, mr - dr, mi - di, w2r, w2i);
      }
    }
  }

  private void radix4(Pass pass, double[] from, double[] to) {
    int stride = 2 * pass.stride;
    int quarter = length / 2;
    for (int group = 0; group < pass.groups; group++) {
      double w1r = pass.twiddles[6 * group];
      double w1i = pass.twiddles[6 * group + 1];
      double w2r = pass.twiddles[6 * group + 2];
      double w2i = pass.twiddles[6 * group + 3];
      double w3r = pass.twiddles[6 * group + 4];
      double w3i = pass.twiddles[6 * group + 5];
      int read = group * stride;
      int write = 4 * read;
      for (int end = read + stride; read < end; read += 2, write += 2) {
        double ar = from[read];
        double ai = from[read + 1];
        double br = from[read + quarter];
        double bi = from[read + quarter + 1];
        double cr = from[read + 2 * quarter];
        double ci = from[read + 2 * quarter + 1];
        double dr = from[read + 3 * quarter];
        double di = from[read + 3 * quarter + 1];
        double acr = ar + cr;
        double aci = ai + ci;
        double bdr = br + dr;
        double bdi = bi + di;
        double asr = ar - cr;
        double asi = ai - ci;
        double bsr = bi - di;
        double bsi = dr - br;
        to[write] = acr + bdr;
        to[write + 1] = aci + bdi;
        put(to, write + stride, asr + bsr, asi + bsi, w1r, w1i);
        put(to, write + 2 * stride, acr - bdr, aci - bdi, w2r, w2i);
        put(to, write + 3 * stride, asr - bsr, asi - bsi, w3r, w3i);
      }
    }
  }

  private void radix5(Pass pass, double[] from, double[] to) {
    int stride = 2 * pass.stride;
    int fifth = 2 * (length / 5);
    for (int group = 0; group < pass.groups; group++) {
      int w = 8 * group;
      double[] t = pass.twiddles;
      int read = group * stride;
      int write = 5 * read;
      for (int end = read + stride; read < end; read += 2, write += 2) {
        double ar = from[read];
        double ai = from[read + 1];
        double outerR = from[read + fifth] + from[read + 4 * fifth];
        double outerI = from[read + fifth + 1] + from[read + 4 * fifth + 1];
        double outerDr = from[read + fifth] - from[read + 4 * fifth];
        double outerDi = from[read + fifth + 1] - from[read + 4 * fifth + 1];
        double innerR = from[read + 2 * fifth] + from[read + 3 * fifth];
        double innerI = from[read + 2 * fifth + 1] + from[read + 3 * fifth + 1];
        double innerDr = from[read + 2 * fifth] - from[read + 3 * fifth];
        double innerDi = from[read + 2 * fifth + 1] - from[read + 3 * fifth + 1];
        double m1r = ar + COSINE_72 * outerR + COSINE_36 * innerR;
        double m1i = ai + COSINE_72 * outerI + COSINE_36 * innerI;
        double m2r = ar + COSINE_36 * outerR + COSINE_72 * innerR;
        double m2i = ai + COSINE_36 * outerI + COSINE_72 * innerI;
        double d1r = SINE_72 * outerDi + SINE_36 * innerDi;
        double d1i = -SINE_72 * outerDr - SINE_36 * innerDr;
        double d2r = SINE_36 * outerDi - SINE_72 * innerDi;
        double d2i = SINE_72 * innerDr - SINE_36 * outerDr;
        to[write] = ar + outerR + innerR;
        to[write + 1] = ai + outerI + innerI;
        put(to, write + stride, m1r + d1r, m1i + d1i, t[w], t[w + 1]);
        put(to, write + 2 * stride, m2r + d2r, m2i + d2i, t[w + 2], t[w + 3]);
        put(to, write + 3 * stride, m2r - d2r, m2i - d2i, t[w + 4], t[w + 5]);
        put(to, write + 4 * stride, m1r - d1r, m1i - d1i, t[w + 6], t[w + 7]);
      }
    }
  }

  /** By the definition, with the roots of unity of the radix. */
  private void anyRadix(Pass pass, double[] from, double[] to) {
    int radix = pass.radix;
    int stride = 2 * pass.stride;
    int part = 2 * (length / radix);
    for (int group = 0; group < pass.groups; group++) {
      for (int inner = 0; inner < stride; inner += 2) {
        int read = group * stride + inner;
        int write = radix * group * stride + inner;
        for (int j = 0; j < radix; j++) {
          double real = 0;
          double imaginary = 0;
          for (int k = 0; k < radix; k++) {
            double angle = -2 * Math.PI * (j * k % radix) / radix;
            double cosine = Math.cos(angle);
            double sine = Math.sin(angle);
            double r = from[read + k * part];
            double i = from[read + k * part + 1];
            real += r * cosine - i * sine;
            imaginary += r * sine + i * cosine;
          }
          int w = 2 * (group * (radix - 1) + j - 1);
          double wr = j == 0 ? 1 : pass.twiddles[w];
          double wi = j == 0 ? 0 : pass.twiddles[w + 1];
          put(to, write + j * stride, real, imaginary, wr, wi);
        }
      }
    }
  }

  /** Stores a product of two complex numbers. */
  private static void put(double[] to, int at, double ar, double ai, double br, double bi) {
    to[at] = ar * br - ai * bi;
    to[at + 1] = ar * bi + ai * br;
  }
}
