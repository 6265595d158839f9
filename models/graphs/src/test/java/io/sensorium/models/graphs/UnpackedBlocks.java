package io.sensorium.models.graphs;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** The naive reading of weights in blocks. */
final class UnpackedBlocks {
  private UnpackedBlocks() {}

  /**
   * Row by row, without what pads the last blocks.
   *
   * @param values of {@code bits}, low half of a byte first, {@code block} to a scale
   */
  static float[] of(
      ByteBuffer values, FloatBuffer scales, int rows, int columns, int bits, int block) {
    int blocks = scales.capacity() / rows;
    float[] weight = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = row * blocks * block + column;
        int value =
            bits == 8 ? values.get(at) & 0xff : (values.get(at / 2) >> (at % 2 == 0 ? 0 : 4)) & 0xf;
        float scale = scales.get(row * blocks + column / block);
        weight[row * columns + column] = scale * (value - (bits == 8 ? 128 : 8));
      }
    }
    return weight;
  }
}
