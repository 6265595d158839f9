package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Writes a float tensor in another float type.
 *
 * @param stored float32, float16 or bfloat16
 * @param type float32 or float16
 */
record FloatConversion(StoredTensor stored, ElementType type) implements SafetensorsWriter.Values {
  private static final int CHUNK = 1 << 16;

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    long elements = stored.info().shape().elements();
    int chunk = (int) Math.min(CHUNK, elements);
    WeightReader reader = new WeightReader(stored.tensor(), chunk);
    float[] values = new float[chunk];
    ByteBuffer bytes = ByteBuffer.allocate(chunk * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < elements; first += chunk) {
      int count = (int) Math.min(chunk, elements - first);
      reader.read(first, count, values);
      bytes.clear();
      put(values, count, bytes);
      bytes.limit(count * type.bytes());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private void put(float[] values, int count, ByteBuffer bytes) {
    if (type == ElementType.FLOAT32) {
      bytes.asFloatBuffer().put(values, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      short half = Float.floatToFloat16(values[i]);
      if (Float.isInfinite(Float.float16ToFloat(half))) {
        throw new ModelLoadException(
            "tensor '%s' holds %s, which is beyond float16; import it with --precision fp32"
                .formatted(stored.info().name(), values[i]));
      }
      bytes.putShort(i * Short.BYTES, half);
    }
  }
}
