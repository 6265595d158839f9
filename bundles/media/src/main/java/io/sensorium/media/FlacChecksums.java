package io.sensorium.media;

import java.nio.ByteBuffer;

/** FLAC's two cyclic checksums: polynomials 0x07 and 0x8005, both from zero, not reflected. */
final class FlacChecksums {
  private static final int POLYNOMIAL_8 = 0x07;
  private static final int POLYNOMIAL_16 = 0x8005;
  private static final int[] CRC_16 = table16();

  private FlacChecksums() {}

  static int crc8(ByteBuffer bytes, int start, int end) {
    int crc = 0;
    for (int i = start; i < end; i++) {
      crc ^= bytes.get(i) & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x80) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL_8;
      }
    }
    return crc & 0xFF;
  }

  static int crc16(ByteBuffer bytes, int start, int end) {
    int crc = 0;
    for (int i = start; i < end; i++) {
      crc = ((crc << 8) & 0xFFFF) ^ CRC_16[(crc >> 8) ^ (bytes.get(i) & 0xFF)];
    }
    return crc;
  }

  private static int[] table16() {
    int[] table = new int[256];
    for (int value = 0; value < table.length; value++) {
      int crc = value << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL_16;
      }
      table[value] = crc & 0xFFFF;
    }
    return table;
  }
}
