package io.sensorium.language.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which numbers may be written, digit by digit: at most {@value #DIGITS} of them in all, so that
 * readers which know doubles alone tell them apart (RFC 7493), and an exponent of two digits where
 * there is no limit. Thread-safe; never changes but for what it remembers.
 */
final class NumberRange {
  static final int DIGITS = 15;

  /** Digits behind the point at most: one stands before it. */
  private static final int SCALE = DIGITS - 1;

  private static final int MAX_REMEMBERED = 10_000;

  /** What is written of a number. */
  private record Begun(boolean negative, BigInteger value, int whole, int fraction) {}

  private final Map<Begun, Integer> known = new ConcurrentHashMap<>();
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
    Begun begun = new Begun(negative, value, whole, fraction);
    Integer missing = known.get(begun);
    if (missing == null) {
      missing = fraction < 0 ? missingBefore(begun) : missingBehind(begun);
      if (known.size() < MAX_REMEMBERED) {
        known.put(begun, missing);
      }
    }
    return missing;
  }

  private int missingBehind(Begun begun) {
    int digits = DIGITS - begun.whole - begun.fraction;
    if (!behind(begun, digits)) {
      return Spelling.NEVER;
    }
    int more = 0;
    while (!behind(begun, more)) {
      more++;
    }
    return more;
  }

  private int missingBefore(Begun begun) {
    int digits = DIGITS - begun.whole;
    int fewest = Spelling.NEVER;
    for (int before = 0; before <= digits && before < fewest; before++) {
      // What fewer digits behind the point can say, more can say as well.
      if (before(begun, before, integer ? 0 : digits - before)) {
        int behind = 0;
        while (!before(begun, before, behind)) {
          behind++;
        }
        fewest = Math.min(fewest, before + (behind == 0 ? 0 : behind + 1));
      }
    }
    return fewest;
  }

  /** Whether so many digits before the point and so many behind it make a number. */
  private boolean before(Begun begun, int before, int behind) {
    if (before == 0 ? begun.whole == 0 : begun.whole > 0 && begun.value.signum() == 0) {
      return false;
    }
    BigInteger power = BigInteger.TEN.pow(before);
    BigInteger least = begun.value.multiply(power);
    BigInteger most = begun.value.add(BigInteger.ONE).multiply(power);
    if (begun.whole == 0) {
      least = before == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(before - 1);
      most = power;
    }
    int scale = integer ? 0 : SCALE;
    return any(begun.negative, least, most, scale, scale - behind);
  }

  private boolean behind(Begun begun, int more) {
    if (begun.fraction + more == 0) {
      return false;
    }
    int scale = SCALE - begun.fraction;
    BigInteger end = begun.value.add(BigInteger.ONE);
    return any(begun.negative, begun.value, end, scale, scale - more);
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
