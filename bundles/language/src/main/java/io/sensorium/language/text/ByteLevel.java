package io.sensorium.language.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * GPT-2's way of writing bytes as printable characters: those that print stand for themselves, the
 * others for U+0100 and on, in order.
 */
final class ByteLevel {
  private static final int BYTES = 256;
  private static final byte[] VALUES = new byte[2 * BYTES];
  private static final boolean[] KNOWN = new boolean[2 * BYTES];

  static {
    int shifted = BYTES;
    for (int value = 0; value < BYTES; value++) {
      boolean prints =
          (value >= '!' && value <= '~')
              || (value >= 0xa1 && value <= 0xac)
              || (value >= 0xae && value <= 0xff);
      int character = prints ? value : shifted++;
      VALUES[character] = (byte) value;
      KNOWN[character] = true;
    }
  }

  private ByteLevel() {}

  /**
   * What a token stands for; one with a character that stands for no byte, as tokens have that were
   * added later, is taken as it is written.
   */
  static byte[] bytes(String token) {
    var bytes = new ByteArrayOutputStream(token.length());
    for (int i = 0; i < token.length(); i++) {
      char character = token.charAt(i);
      if (character >= KNOWN.length || !KNOWN[character]) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes.write(VALUES[character]);
    }
    return bytes.toByteArray();
  }
}
