package io.sensorium.language.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Which numbers may be written, digit by digit: at most {@value #DIGITS} of them in all, so that
 * readers which know doubles alone tell them apart (RFC 7493), and an exponent of two digits where
 * there is no limit. Immutable.
 */
final class NumberRange {
  static final int DIGITS = 15;

  /** Digits behind the point at most: one stands before it. */
  private static final int SCALE = DIGITS - 1;

  private final boolean integer;
  private final BigInteger least;
  private final BigInteger most;
  private final BigInteger step;
  private final boolean unlimited;

  private NumberRange(boolean integer, BigInteger least, BigInteger most, BigInteger step) {
    this.integer = integer;
    this.least = least;
    this.most = most;
    this.step = step;
    BigInteger widest = widest(integer);
    this.unlimited =
        step.equals(BigInteger.ONE) && least.equals(widest.negate()) && most.equals(widest);
  }

  /**
   * The numbers of a shape.
   *
   * @throws IllegalArgumentException if they are multiples of something too fine
   */
  static NumberRange of(Shape.Numbers shape) {
    int scale = shape.integer() ? 0 : SCALE;
    BigInteger widest = widest(shape.integer());
    BigInteger least = widest.negate();
    BigInteger most = widest;
    if (shape.minimum() != null) {
      least = least.max(scaled(shape.minimum(), scale, shape.minimumExcluded(), 1));
    }
    if (shape.maximum() != null) {
      most = most.min(scaled(shape.maximum(), scale, shape.maximumExcluded(), -1));
    }
    BigInteger step = BigInteger.ONE;
    if (shape.multipleOf() != null) {
      BigDecimal multiple = shape.multipleOf().stripTrailingZeros();
      if (shape.integer()) {
        // The whole multiples of n/10^k in its lowest terms are those of its numerator.
        BigInteger denominator = BigInteger.TEN.pow(Math.max(0, multiple.scale()));
        BigInteger numerator =
            multiple.movePointRight(Math.max(0, multiple.scale())).toBigInteger();
        step = numerator.divide(numerator.gcd(denominator));
      } else if (multiple.scale() > SCALE) {
        throw new IllegalArgumentException(
            "must have at most %d digits behind the point; got %s".formatted(SCALE, multiple));
      } else {
        step = multiple.movePointRight(SCALE).toBigInteger();
      }
    }
    return new NumberRange(shape.integer(), least, most, step);
  }

  private static BigInteger scaled(BigDecimal bound, int scale, boolean excluded, int inwards) {
    BigDecimal shifted = bound.movePointRight(scale);
    BigInteger whole =
        shifted.setScale(0, inwards > 0 ? RoundingMode.CEILING : RoundingMode.FLOOR).toBigInteger();
    boolean exact = new BigDecimal(whole).compareTo(shifted) == 0;
    return excluded && exact ? whole.add(BigInteger.valueOf(inwards)) : whole;
  }

  private static BigInteger widest(boolean integer) {
    return integer
        ? BigInteger.TEN.pow(DIGITS).subtract(BigInteger.ONE)
        : BigInteger.TEN.pow(DIGITS).subtract(BigInteger.ONE).multiply(BigInteger.TEN.pow(SCALE));
  }

  boolean integer() {
    return integer;
  }

  /** Neither bounds nor steps: exponents are allowed, and digits need not be remembered. */
  boolean unlimited() {
    return unlimited;
  }

  /**
   * Characters that a number needs at least after what is written; {@link Spelling#NEVER} if none
   * begins like this.
   *
   * @param value of the digits so far, without sign or point
   * @param whole digits before the point
   * @param fraction digits behind the point; -1 before it
   */
  int missing(boolean negative, BigInteger value, int whole, int fraction) {
    int digits = DIGITS - whole - Math.max(0, fraction);
    int longest = fraction < 0 && !integer ? digits + 1 : digits;
    for (int characters = 0; characters <= longest; characters++) {
      if (fraction >= 0) {
        if (behind(negative, value, fraction, characters)) {
          return characters;
        }
        continue;
      }
      int behind = 0;
      while (behind == 0 || (!integer && behind < characters)) {
        int before = behind == 0 ? characters : characters - 1 - behind;
        if (before + behind <= digits && before(negative, value, whole, before, behind)) {
          return characters;
        }
        behind++;
      }
    }
    return Spelling.NEVER;
  }

  /** Whether so many digits before the point and so many behind it make a number. */
  private boolean before(boolean negative, BigInteger value, int whole, int before, int behind) {
    if (before == 0 ? whole == 0 : whole > 0 && value.signum() == 0) {
      return false;
    }
    BigInteger power = BigInteger.TEN.pow(before);
    BigInteger least = value.multiply(power);
    BigInteger most = value.add(BigInteger.ONE).multiply(power);
    if (whole == 0) {
      least = before == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(before - 1);
      most = power;
    }
    int scale = integer ? 0 : SCALE;
    return any(negative, least, most, scale, scale - behind);
  }

  private boolean behind(boolean negative, BigInteger value, int fraction, int more) {
    if (fraction + more == 0) {
      return false;
    }
    int scale = SCALE - fraction;
    return any(negative, value, value.add(BigInteger.ONE), scale, scale - more);
  }

  /** Whether there is a number in least..end-1, both times 10^scale, with steps of 10^grain. */
  private boolean any(boolean negative, BigInteger least, BigInteger end, int scale, int grain) {
    BigInteger power = BigInteger.TEN.pow(scale);
    BigInteger grid = BigInteger.TEN.pow(grain);
    BigInteger first = least.multiply(power);
    BigInteger last = end.multiply(power).subtract(grid);
    first = first.max(negative ? most.negate().max(BigInteger.ONE) : this.least);
    last = last.min(negative ? this.least.negate() : most);
    if (first.compareTo(last) > 0) {
      return false;
    }
    BigInteger common = grid.multiply(step).divide(grid.gcd(step));
    // The last multiple at or below; it may be negative, but never below the first then.
    BigInteger multiple = last.subtract(last.mod(common));
    return multiple.compareTo(first) >= 0;
  }
}
