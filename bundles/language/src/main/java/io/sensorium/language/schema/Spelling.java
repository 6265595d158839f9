package io.sensorium.language.schema;

import java.nio.charset.StandardCharsets;

/**
 * How characters are written within a JSON string, as shortly as possible. Immutable.
 *
 * @param raw whether characters beyond ASCII may stand for themselves; if not, they are escaped
 */
record Spelling(boolean raw) {
  /** What is added where any character would do. */
  static final int FILLER = ' ';

  /** More bytes than any text may need. */
  static final int NEVER = 1 << 28;

  private static final String SHORT_ESCAPED = "\"\\/\b\f\n\r\t";
  private static final String SHORT_ESCAPES = "\"\\/bfnrt";

  /** A sum of bytes that stays at {@link #NEVER}. */
  static int sum(long first, long second) {
    return (int) Math.min(NEVER, first + second);
  }

  /** What stands behind a backslash and one more byte; -1 for nothing. */
  static int shortEscape(int letter) {
    int index = SHORT_ESCAPES.indexOf(letter);
    return index < 0 ? -1 : SHORT_ESCAPED.charAt(index);
  }

  /** Bytes of a scalar value within quotes. */
  int bytes(int point) {
    if (point < 0x20) {
      return SHORT_ESCAPED.indexOf(point) >= 0 ? 2 : 6;
    }
    if (point < 0x80) {
      return point == '"' || point == '\\' ? 2 : 1;
    }
    if (!raw) {
      return point < 0x10000 ? 6 : 12;
    }
    return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }

  /** The first byte of a scalar value within quotes. */
  int firstByte(int point) {
    if (point < 0x20 || point == '"' || point == '\\' || (point >= 0x80 && !raw)) {
      return '\\';
    }
    return Character.toString(point).getBytes(StandardCharsets.UTF_8)[0] & 0xFF;
  }

  /** The one that is written most shortly, the least of several; -1 if there is none. */
  int cheapest(int first, int last) {
    int best = -1;
    for (int edge : new int[] {0x20, 0x23, 0x5D, 8, 0xA, 0xC, '"', '\\', 0, 0x80, 0x800, 0xE000}) {
      best = better(best, Math.max(first, edge), first, last);
    }
    return better(best, Math.max(first, 0x10000), first, last);
  }

  private int better(int best, int point, int first, int last) {
    if (point < first || point > last || Character.getType(point) == Character.SURROGATE) {
      return best;
    }
    if (best < 0 || bytes(point) < bytes(best)) {
      return point;
    }
    return bytes(point) == bytes(best) ? Math.min(best, point) : best;
  }
}
