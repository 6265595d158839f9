package io.sensorium.language.text;

import java.nio.ByteBuffer;

/**
 * Reads UTF-8 as it comes. What is no character becomes one U+FFFD for each longest run of bytes
 * that could have begun one, as Unicode recommends (chapter 3, "U+FFFD Substitution of Maximal
 * Subparts") and the reference does; the JDK's decoder makes fewer of some. One thread at a time.
 */
final class Utf8Pieces {
  private static final char REPLACEMENT = '\ufffd';

  /** The character that has begun, its bytes still missing, and the range of the next one. */
  private int point;

  private int missing;
  private int least;
  private int greatest;

  /** One with the same bytes that goes its own way. */
  Utf8Pieces fork() {
    Utf8Pieces fork = new Utf8Pieces();
    fork.point = point;
    fork.missing = missing;
    fork.least = least;
    fork.greatest = greatest;
    return fork;
  }

  /** Takes bytes and answers the characters that are whole. */
  String accept(ByteBuffer bytes) {
    StringBuilder text = new StringBuilder(bytes.remaining());
    while (bytes.hasRemaining()) {
      accept(bytes.get() & 0xff, text);
    }
    return text.toString();
  }

  /** Answers what is left of a character whose last bytes never came. */
  String end() {
    boolean open = missing > 0;
    missing = 0;
    return open ? String.valueOf(REPLACEMENT) : "";
  }

  private void accept(int value, StringBuilder text) {
    if (missing > 0 && value >= least && value <= greatest) {
      point = point << 6 | (value & 0x3f);
      least = 0x80;
      greatest = 0xbf;
      if (--missing == 0) {
        text.appendCodePoint(point);
      }
      return;
    }
    text.append(end());
    if (value < 0x80) {
      text.append((char) value);
    } else if (value >= 0xc2 && value <= 0xf4) {
      begin(value);
    } else {
      text.append(REPLACEMENT);
    }
  }

  /** No shorter form, no surrogate, nothing above U+10FFFF: Unicode's table 3-7. */
  private void begin(int value) {
    missing = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
    point = value & (0x3f >> missing);
    least = value == 0xe0 ? 0xa0 : value == 0xf0 ? 0x90 : 0x80;
    greatest = value == 0xed ? 0x9f : value == 0xf4 ? 0x8f : 0xbf;
  }
}
