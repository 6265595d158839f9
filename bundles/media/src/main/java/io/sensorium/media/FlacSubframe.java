package io.sensorium.media;

/** One channel of one FLAC frame: a predictor and its coded residual. */
final class FlacSubframe {
  private static final int ESCAPE_FOUR_BITS = 15;
  private static final int ESCAPE_FIVE_BITS = 31;
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

  private FlacSubframe() {}

  static void decode(FlacBits bits, long[] samples, int frames, int frameDepth)
      throws MalformedMediaException {
    if (bits.bits(1) != 0) {
      throw new MalformedMediaException("a subframe's padding bit is set");
    }
    int type = bits.bits(6);
    int wasted = bits.bits(1) == 0 ? 0 : bits.unary() + 1;
    int depth = frameDepth - wasted;
    if (depth < 1) {
      throw new MalformedMediaException("%d wasted bits of %d".formatted(wasted, frameDepth));
    }
    if (type == 0) {
      java.util.Arrays.fill(samples, 0, frames, bits.wideSigned(depth));
    } else if (type == 1) {
      readVerbatim(bits, samples, frames, depth);
    } else if (type >= 8 && type <= 12) {
      int order = type - 8;
      requireOrder(order, frames);
      readVerbatim(bits, samples, order, depth);
      readResidual(bits, samples, frames, order);
      predict(samples, frames, FIXED[order], 0);
    } else if (type >= 32) {
      decodeLinear(bits, samples, frames, type - 31, depth);
    } else {
      throw new MalformedMediaException("subframe type %d is reserved".formatted(type));
    }
    for (int i = 0; wasted > 0 && i < frames; i++) {
      samples[i] <<= wasted;
    }
  }

  private static void requireOrder(int order, int frames) throws MalformedMediaException {
    if (order > frames) {
      throw new MalformedMediaException(
          "a predictor of order %d for %d samples".formatted(order, frames));
    }
  }

  private static void readVerbatim(FlacBits bits, long[] samples, int count, int depth)
      throws MalformedMediaException {
    for (int i = 0; i < count; i++) {
      samples[i] = bits.wideSigned(depth);
    }
  }

  private static void decodeLinear(FlacBits bits, long[] samples, int frames, int order, int depth)
      throws MalformedMediaException {
    requireOrder(order, frames);
    readVerbatim(bits, samples, order, depth);
    int precision = bits.bits(4) + 1;
    int shift = bits.signed(5);
    if (precision == 16 || shift < 0) {
      throw new MalformedMediaException(
          "a predictor with precision %d and shift %d".formatted(precision, shift));
    }
    int[] coefficients = new int[order];
    for (int i = 0; i < order; i++) {
      coefficients[i] = bits.signed(precision);
    }
    readResidual(bits, samples, frames, order);
    predict(samples, frames, coefficients, shift);
  }

  private static void predict(long[] samples, int frames, int[] coefficients, int shift) {
    int order = coefficients.length;
    for (int i = order; i < frames; i++) {
      long sum = 0;
      for (int tap = 0; tap < order; tap++) {
        sum += coefficients[tap] * samples[i - 1 - tap];
      }
      samples[i] += sum >> shift;
    }
  }

  private static void readResidual(FlacBits bits, long[] samples, int frames, int order)
      throws MalformedMediaException {
    int method = bits.bits(2);
    int partitionOrder = bits.bits(4);
    int partitions = 1 << partitionOrder;
    int partitionFrames = frames >> partitionOrder;
    if (method > 1 || partitionFrames << partitionOrder != frames || partitionFrames < order) {
      throw new MalformedMediaException(
          "residual method %d in %d partitions of %d samples"
              .formatted(method, partitions, frames));
    }
    int parameterBits = method == 0 ? 4 : 5;
    int escape = method == 0 ? ESCAPE_FOUR_BITS : ESCAPE_FIVE_BITS;
    int position = order;
    for (int partition = 0; partition < partitions; partition++) {
      int end = (partition + 1) * partitionFrames;
      int parameter = bits.bits(parameterBits);
      if (parameter == escape) {
        int width = bits.bits(5);
        for (; position < end; position++) {
          samples[position] = width == 0 ? 0 : bits.signed(width);
        }
      } else {
        for (; position < end; position++) {
          long folded = ((long) bits.unary() << parameter) | (bits.bits(parameter) & 0xFFFFFFFFL);
          samples[position] = (folded >>> 1) ^ -(folded & 1);
        }
      }
    }
  }
}
