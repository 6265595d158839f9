package io.sensorium.models.training;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's printable stand-ins for the 256 bytes, under which byte-level vocabularies are written.
 * Stateless.
 */
final class ByteAlphabet {
  private static final String SYMBOLS = symbols();

  private ByteAlphabet() {}

  private static String symbols() {
    var symbols = new StringBuilder();
    int next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable = (value > ' ' && value < 0x7f) || (value > 0xa0 && value != 0xad);
      symbols.append((char) (printable ? value : next++));
    }
    return symbols.toString();
  }

  /** The symbol of a byte 0..255. */
  static String symbol(int value) {
    return SYMBOLS.substring(value, value + 1);
  }

  /** The symbols of a text's UTF-8 bytes. */
  static String symbols(String text) {
    var symbols = new StringBuilder();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      symbols.append(SYMBOLS.charAt(value & 0xff));
    }
    return symbols.toString();
  }
}
