package io.sensorium.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** Damages files, and repairs the checksums of most, so that the damage gets past them. */
final class MediaMutations {
  private static final int HEADER_BYTES = 96;
  private static final int[] EXTREMES = {0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, -1};

  private MediaMutations() {}

  static byte[] mutate(byte[] file, Random random) {
    byte[] bytes = file.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int range = random.nextBoolean() ? Math.min(HEADER_BYTES, bytes.length) : bytes.length;
      int at = random.nextInt(range);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> {
          int value = EXTREMES[random.nextInt(EXTREMES.length)];
          int width = Math.min(1 << random.nextInt(3), bytes.length - at);
          for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >> (8 * i));
          }
        }
        case 3 -> {
          int length = Math.min(random.nextInt(16), bytes.length - at);
          System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
        }
        default -> bytes = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
      }
    }
    if (random.nextInt(4) > 0) {
      repairPng(bytes);
      repairOgg(bytes);
    }
    return bytes;
  }

  private static void repairPng(byte[] bytes) {
    if (bytes.length < 8 || bytes[1] != 'P' || bytes[2] != 'N') {
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long at = 8;
    while (at + 12 <= bytes.length) {
      long length = buffer.getInt((int) at) & 0xFFFFFFFFL;
      if (at + 12 + length > bytes.length) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, (int) at + 4, (int) length + 4);
      buffer.putInt((int) (at + 8 + length), (int) crc.getValue());
      at += 12 + length;
    }
  }

  private static void repairOgg(byte[] bytes) {
    int at = 0;
    while (at + 27 <= bytes.length && bytes[at] == 'O' && bytes[at + 1] == 'g') {
      int segments = bytes[at + 26] & 0xFF;
      int length = 27 + segments;
      for (int i = 0; i < segments && at + 27 + i < bytes.length; i++) {
        length += bytes[at + 27 + i] & 0xFF;
      }
      if (at + length > bytes.length) {
        return;
      }
      int crc = 0;
      Arrays.fill(bytes, at + 22, at + 26, (byte) 0);
      for (int i = at; i < at + length; i++) {
        crc ^= bytes[i] << 24;
        for (int bit = 0; bit < 8; bit++) {
          crc = crc < 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
        }
      }
      for (int i = 0; i < 4; i++) {
        bytes[at + 22 + i] = (byte) (crc >> (8 * i));
      }
      at += length;
    }
  }
}
