package io.sensorium.language.schema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Within a number. It ends where what is around it goes on. */
final class NumberFrame extends Frame {
  private static final int EXPONENT_DIGITS = 2;

  /** Where within a number. */
  private enum Phase {
    START,
    MINUS,
    WHOLE,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS
  }

  /**
   * What is written.
   *
   * @param value of the digits before and behind the point; of an unlimited range whether it is 0
   * @param fraction digits behind the point; -1 before it
   */
  private record Written(
      Phase phase, boolean negative, BigInteger value, int whole, int fraction, int exponent) {
    static final Written NOTHING = new Written(Phase.START, false, BigInteger.ZERO, 0, -1, 0);
  }

  private final NumberRange range;
  private final Written written;
  private final Frame parent;
  private final int missing;

  private NumberFrame(NumberRange range, Written written, int missing, Frame parent) {
    super(
        Spelling.sum(missing, parent.cost),
        parent.depth,
        31 * (31 * System.identityHashCode(range) + written.hashCode()) + parent.hashCode());
    this.range = range;
    this.written = written;
    this.missing = missing;
    this.parent = parent;
  }

  /** Before a number. */
  static NumberFrame before(NumberRange range, Frame parent) {
    return new NumberFrame(range, Written.NOTHING, missing(range, Written.NOTHING), parent);
  }

  /** Characters of the shortest number of the range; {@link Spelling#NEVER} if there is none. */
  static int shortest(NumberRange range) {
    return missing(range, Written.NOTHING);
  }

  private static int missing(NumberRange range, Written written) {
    if (range.unlimited()) {
      return switch (written.phase) {
        case WHOLE, FRACTION, EXPONENT_DIGITS -> 0;
        default -> 1;
      };
    }
    int positive = range.missing(written.negative, written.value, written.whole, written.fraction);
    return written.phase == Phase.START
        ? Math.min(positive, Spelling.sum(1, range.missing(true, BigInteger.ZERO, 0, -1)))
        : positive;
  }

  @Override
  void step(int next, List<Frame> out) {
    Written more = after(next);
    if (more != null) {
      int bytes = missing(range, more);
      if (bytes < Spelling.NEVER) {
        out.add(new NumberFrame(range, more, bytes, parent));
      }
    } else if (missing == 0) {
      parent.step(next, out);
    }
  }

  /** What is written then; null if no number is written like this. */
  private Written after(int next) {
    if (next >= '0' && next <= '9') {
      return digit(next - '0');
    }
    boolean number = written.phase == Phase.WHOLE || written.phase == Phase.FRACTION;
    return switch (next) {
      case '-' ->
          switch (written.phase) {
            case START -> in(Phase.MINUS, true, -1);
            case EXPONENT -> in(Phase.EXPONENT_SIGN, written.negative, written.fraction);
            default -> null;
          };
      case '+' ->
          written.phase == Phase.EXPONENT
              ? in(Phase.EXPONENT_SIGN, written.negative, written.fraction)
              : null;
      case '.' ->
          written.phase == Phase.WHOLE && !range.integer() && written.whole < NumberRange.DIGITS
              ? in(Phase.POINT, written.negative, 0)
              : null;
      case 'e', 'E' ->
          number && !range.integer() && range.unlimited()
              ? in(Phase.EXPONENT, written.negative, written.fraction)
              : null;
      default -> null;
    };
  }

  private Written in(Phase phase, boolean negative, int fraction) {
    return new Written(phase, negative, written.value, written.whole, fraction, written.exponent);
  }

  private Written digit(int digit) {
    BigInteger value =
        range.unlimited()
            ? BigInteger.valueOf(digit).or(written.value).min(BigInteger.ONE)
            : written.value.multiply(BigInteger.TEN).add(BigInteger.valueOf(digit));
    boolean full = written.whole + Math.max(0, written.fraction) >= NumberRange.DIGITS;
    boolean zero = written.whole == 1 && written.value.signum() == 0;
    return switch (written.phase) {
      case START, MINUS -> new Written(Phase.WHOLE, written.negative, value, 1, -1, 0);
      case WHOLE ->
          full || zero
              ? null
              : new Written(Phase.WHOLE, written.negative, value, written.whole + 1, -1, 0);
      case POINT, FRACTION ->
          full
              ? null
              : new Written(
                  Phase.FRACTION, written.negative, value, written.whole, written.fraction + 1, 0);
      case EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS ->
          written.exponent >= EXPONENT_DIGITS
              ? null
              : new Written(
                  Phase.EXPONENT_DIGITS,
                  written.negative,
                  written.value,
                  written.whole,
                  written.fraction,
                  written.exponent + 1);
    };
  }

  @Override
  int witness() {
    if (missing == 0) {
      return parent.witness();
    }
    List<Frame> out = new ArrayList<>();
    for (char next : "-.0123456789".toCharArray()) {
      step(next, out);
      if (!out.isEmpty() && out.getLast().cost == cost - 1) {
        return next;
      }
    }
    throw new IllegalStateException("no way to a number from " + written);
  }

  @Override
  boolean isEqual(Frame other) {
    NumberFrame that = (NumberFrame) other;
    return range == that.range && written.equals(that.written) && parent.equals(that.parent);
  }
}
