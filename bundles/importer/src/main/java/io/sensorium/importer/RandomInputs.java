package io.sensorium.importer;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Random;

/**
 * Seeded inputs for any graph: normal numbers, tokens of the vocabulary, nothing masked. Immutable.
 *
 * @param vocabulary how many token ids there are
 * @param rows where the number of items is free
 * @param length where another size is free
 */
record RandomInputs(int vocabulary, long rows, long length) {
  static final long SEED = 20261120;

  /** Fewer tokens than any vocabulary has. */
  static final int LEAST_VOCABULARY = 100;

  /** Of decoders, which begin with nothing remembered: {@code [sequences, heads, length, ...]}. */
  private static final String PAST = "past_key_values.";

  private static final int LENGTH_AXIS = 2;
  private static final long ROWS = 2;
  private static final long LENGTH = 7;

  RandomInputs(int vocabulary) {
    this(vocabulary, ROWS, LENGTH);
  }

  /** Such that go with tokens of that shape. */
  RandomInputs beside(Shape tokens) {
    return new RandomInputs(vocabulary, tokens.dimension(0), tokens.dimension(1));
  }

  /** The same tensor for the same name and shape, always. */
  Tensor of(TensorSpec input) {
    Random random = new Random(SEED + input.name().hashCode());
    boolean past = input.name().startsWith(PAST);
    Shape shape = past ? input.shape().with(LENGTH_AXIS, 0) : input.shape();
    Tensor tensor = Tensor.allocate(input.type(), known(shape));
    if (input.type() == ElementType.FLOAT32) {
      FloatBuffer values = tensor.asFloats();
      while (values.hasRemaining()) {
        values.put((float) random.nextGaussian());
      }
    } else if (input.type() == ElementType.INT64 && input.name().equals("attention_mask")) {
      LongBuffer values = tensor.asLongs();
      while (values.hasRemaining()) {
        values.put(1);
      }
    } else if (input.type() == ElementType.INT64 && input.name().equals("input_ids")) {
      LongBuffer values = tensor.asLongs();
      while (values.hasRemaining()) {
        values.put(random.nextInt(vocabulary));
      }
    }
    return tensor;
  }

  private Shape known(Shape shape) {
    Shape known = shape;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dimension(axis) == Shape.DYNAMIC) {
        known = known.with(axis, axis == 0 ? rows : length);
      }
    }
    return known;
  }
}
