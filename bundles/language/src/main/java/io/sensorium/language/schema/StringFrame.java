package io.sensorium.language.schema;

import java.util.List;

/** Within quotes, perhaps within a character. */
final class StringFrame extends Frame {
  /** Where within a character. */
  private enum Mode {
    /** At its begin. */
    BORDER,
    /** Within its UTF-8 bytes. */
    RAW,
    /** After a backslash. */
    ESCAPE,
    /** Within the digits of an escape. */
    DIGITS,
    /** After the first half of a surrogate pair. */
    HALF,
    /** After the backslash of the second half. */
    HALF_ESCAPE,
    /** Within the digits of the second half. */
    HALF_DIGITS
  }

  private final Text text;
  private final Mode mode;

  /** The bits read so far; in the second half of a pair, the first one above its digits. */
  private final int value;

  /** Bytes or digits that are missing. */
  private final int left;

  /** Bytes of a character in UTF-8. */
  private final int length;

  private StringFrame(Text text, Mode mode, int value, int left, int length, int cost) {
    super(
        cost, text.depth(), (((text.hashCode() * 31 + mode.hashCode()) * 31) + value) * 31 + left);
    this.text = text;
    this.mode = mode;
    this.value = value;
    this.left = left;
    this.length = length;
  }

  /** Just after the opening quote. */
  static Frame open(Text text) {
    return border(text);
  }

  private static StringFrame border(Text text) {
    return new StringFrame(text, Mode.BORDER, 0, 0, 0, text.rest());
  }

  /** Within a character, if any that begins like this may follow. */
  private StringFrame within(Mode mode, int value, int left, int length) {
    int point = best(mode, value, left, length);
    if (point < 0) {
      return null;
    }
    int bytes = bytes(mode, point, left);
    return new StringFrame(
        text, mode, value, left, length, Spelling.sum(bytes, text.next(point).rest()));
  }

  /** The character that the shortest way takes; -1 if none may follow. */
  private int best(Mode mode, int value, int left, int length) {
    return switch (mode) {
      case BORDER -> text.choice();
      case RAW -> {
        int shift = 6 * left;
        int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        int most = length == 2 ? 0x7FF : length == 3 ? 0xFFFF : Character.MAX_CODE_POINT;
        int first = value << shift;
        yield text.best(Math.max(least, first), Math.min(most, first + (1 << shift) - 1));
      }
      case ESCAPE -> text.best(0, Character.MAX_CODE_POINT);
      case DIGITS -> {
        int first = value << (4 * left);
        int last = first + (1 << (4 * left)) - 1;
        int single = text.best(first, last);
        int high = Math.max(first, Character.MIN_HIGH_SURROGATE);
        int highest = Math.min(last, Character.MAX_HIGH_SURROGATE);
        int pair = high > highest ? -1 : text.best(pair(high, 0), pair(highest, 0x3FF));
        yield better(single, pair);
      }
      case HALF, HALF_ESCAPE -> text.best(pair(value, 0), pair(value, 0x3FF));
      case HALF_DIGITS -> {
        int first = (value & 0xFFFF) << (4 * left);
        int low = Math.max(first, Character.MIN_LOW_SURROGATE);
        int lowest = Math.min(first + (1 << (4 * left)) - 1, Character.MAX_LOW_SURROGATE);
        int high = value >>> 16;
        yield low > lowest ? -1 : text.best(pair(high, low & 0x3FF), pair(high, lowest & 0x3FF));
      }
    };
  }

  private static int pair(int high, int lowBits) {
    return 0x10000 + ((high - Character.MIN_HIGH_SURROGATE) << 10) + lowBits;
  }

  private int better(int single, int pair) {
    if (single < 0 || pair < 0) {
      return Math.max(single, pair);
    }
    return text.better(single, pair);
  }

  /** Bytes that the rest of a character takes. */
  private static int bytes(Mode mode, int point, int left) {
    int pair = point >= 0x10000 ? 6 : 0;
    return switch (mode) {
      case BORDER -> 0;
      case RAW -> left;
      case ESCAPE -> isShort(point) ? 1 : 5 + pair;
      case DIGITS -> left + pair;
      case HALF -> 6;
      case HALF_ESCAPE -> 5;
      case HALF_DIGITS -> left;
    };
  }

  private static boolean isShort(int point) {
    return point < 0x80 && shortLetter(point) >= 0;
  }

  private static int shortLetter(int point) {
    for (int letter : new int[] {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'}) {
      if (Spelling.shortEscape(letter) == point) {
        return letter;
      }
    }
    return -1;
  }

  @Override
  void step(int next, List<Frame> out) {
    Frame frame =
        switch (mode) {
          case BORDER -> border(next);
          case RAW -> raw(next);
          case ESCAPE -> escape(next);
          case DIGITS, HALF_DIGITS -> digit(next);
          case HALF -> next == '\\' ? within(Mode.HALF_ESCAPE, value, 0, 0) : null;
          case HALF_ESCAPE -> next == 'u' ? within(Mode.HALF_DIGITS, value << 16, 4, 0) : null;
        };
    if (frame != null) {
      out.add(frame);
    }
  }

  private Frame border(int next) {
    if (next == '"') {
      return text.closed();
    }
    if (next == '\\') {
      return within(Mode.ESCAPE, 0, 0, 0);
    }
    if (next < 0x80) {
      return next < 0x20 ? null : after(next);
    }
    if (!text.spelling().raw() || next < 0xC2 || next > 0xF4) {
      return null;
    }
    int length = next < 0xE0 ? 2 : next < 0xF0 ? 3 : 4;
    return within(Mode.RAW, next & (0x7F >> length), length - 1, length);
  }

  private Frame raw(int next) {
    if ((next & 0xC0) != 0x80) {
      return null;
    }
    int bits = (value << 6) | (next & 0x3F);
    return left == 1 ? complete(bits) : within(Mode.RAW, bits, left - 1, length);
  }

  /** After a character's last byte; nothing for an overlong form, a surrogate or beyond Unicode. */
  private Frame complete(int point) {
    boolean valid =
        switch (length) {
          case 3 -> point >= 0x800 && (point < 0xD800 || point >= 0xE000);
          case 4 -> point >= 0x10000 && point <= Character.MAX_CODE_POINT;
          default -> true;
        };
    return valid ? after(point) : null;
  }

  private Frame escape(int next) {
    if (next == 'u') {
      return within(Mode.DIGITS, 0, 4, 0);
    }
    int point = Spelling.shortEscape(next);
    return point < 0 ? null : after(point);
  }

  private Frame digit(int next) {
    int digit = next < 0x80 ? Character.digit(next, 16) : -1;
    if (digit < 0) {
      return null;
    }
    boolean second = mode == Mode.HALF_DIGITS;
    int digits = ((second ? value & 0xFFFF : value) << 4) | digit;
    if (left > 1) {
      return within(mode, second ? (value & 0xFFFF0000) | digits : digits, left - 1, 0);
    }
    if (second) {
      return digits >= Character.MIN_LOW_SURROGATE && digits <= Character.MAX_LOW_SURROGATE
          ? after(pair(value >>> 16, digits & 0x3FF))
          : null;
    }
    if (digits >= Character.MIN_HIGH_SURROGATE && digits <= Character.MAX_HIGH_SURROGATE) {
      return within(Mode.HALF, digits, 0, 0);
    }
    return digits >= Character.MIN_LOW_SURROGATE && digits <= Character.MAX_LOW_SURROGATE
        ? null
        : after(digits);
  }

  private Frame after(int point) {
    Text next = text.next(point);
    if (next == null) {
      return null;
    }
    return next == text && mode == Mode.BORDER ? this : border(next);
  }

  @Override
  int witness() {
    int point = best(mode, value, left, length);
    return switch (mode) {
      case BORDER -> point == Text.CLOSE ? '"' : text.spelling().firstByte(point);
      case RAW -> 0x80 | ((point >> (6 * (left - 1))) & 0x3F);
      case ESCAPE -> isShort(point) ? shortLetter(point) : 'u';
      case DIGITS -> hex(point < 0x10000 ? point : Character.highSurrogate(point));
      case HALF -> '\\';
      case HALF_ESCAPE -> 'u';
      case HALF_DIGITS -> hex(Character.lowSurrogate(point));
    };
  }

  private int hex(int unit) {
    return Character.forDigit((unit >> (4 * (left - 1))) & 0xF, 16);
  }

  @Override
  int free() {
    return mode == Mode.BORDER ? text.free() : 0;
  }

  @Override
  int freeCost() {
    return text.freeRest();
  }

  @Override
  boolean isEqual(Frame other) {
    StringFrame that = (StringFrame) other;
    return mode == that.mode
        && value == that.value
        && left == that.left
        && length == that.length
        && text.equals(that.text);
  }
}
