package io.sensorium.api.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Locale;
import java.util.Objects;

/**
 * A dense tensor in row-major order over a memory segment, little-endian.
 *
 * <p>The segment is shared, not copied: whoever creates a tensor says how long it stays valid.
 * {@link #allocate} hands out off-heap memory that the garbage collector frees, so that it can be
 * given to a runtime without a copy. Safe to read from several threads; writing is one thread at a
 * time.
 */
public final class Tensor {
  private static final long ALIGNMENT_BYTES = 64;

  private final ElementType type;
  private final Shape shape;
  private final MemorySegment data;

  private Tensor(ElementType type, Shape shape, MemorySegment data) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * A tensor over existing memory.
   *
   * @param data exactly {@code shape.elements() * type.bytes()} bytes; heap segments must be of
   *     bytes or of the matching primitive
   * @throws IllegalArgumentException if the size does not fit
   */
  public static Tensor of(ElementType type, Shape shape, MemorySegment data) {
    Objects.requireNonNull(data, "data");
    long required = Math.multiplyExact(shape.elements(), type.bytes());
    if (data.byteSize() != required) {
      throw new IllegalArgumentException(
          "%s%s needs %d bytes; got %d"
              .formatted(type.name().toLowerCase(Locale.ROOT), shape, required, data.byteSize()));
    }
    return new Tensor(type, shape, data);
  }

  /** A zeroed tensor in 64-byte aligned off-heap memory, freed by the garbage collector. */
  public static Tensor allocate(ElementType type, Shape shape) {
    long bytes = Math.multiplyExact(shape.elements(), type.bytes());
    return new Tensor(type, shape, Arena.ofAuto().allocate(bytes, ALIGNMENT_BYTES));
  }

  /** A new float32 tensor with the given values. */
  public static Tensor ofFloats(Shape shape, float... values) {
    Tensor tensor = allocate(ElementType.FLOAT32, shape);
    tensor.asFloats().put(values);
    return tensor;
  }

  /** A new int64 tensor with the given values. */
  public static Tensor ofLongs(Shape shape, long... values) {
    Tensor tensor = allocate(ElementType.INT64, shape);
    tensor.asLongs().put(values);
    return tensor;
  }

  public ElementType type() {
    return type;
  }

  public Shape shape() {
    return shape;
  }

  /** The memory itself, borrowed. */
  public MemorySegment data() {
    return data;
  }

  /**
   * A view of the elements as floats; writes go through.
   *
   * @throws IllegalStateException if the type is not {@link ElementType#FLOAT32}
   */
  public FloatBuffer asFloats() {
    require(ElementType.FLOAT32);
    return data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /**
   * A view of the elements as longs; writes go through.
   *
   * @throws IllegalStateException if the type is not {@link ElementType#INT64}
   */
  public LongBuffer asLongs() {
    require(ElementType.INT64);
    return data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
  }

  /**
   * A view of the elements as ints; writes go through.
   *
   * @throws IllegalStateException if the type is not {@link ElementType#INT32}
   */
  public IntBuffer asInts() {
    require(ElementType.INT32);
    return data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
  }

  /** A view of row {@code index} along the first axis, of shape {@code [1, ...]}. */
  public Tensor row(long index) {
    long rowBytes = data.byteSize() / shape.dimension(0);
    return new Tensor(type, shape.with(0, 1), data.asSlice(index * rowBytes, rowBytes));
  }

  private void require(ElementType wanted) {
    if (type != wanted) {
      throw new IllegalStateException("the tensor holds " + type + ", not " + wanted);
    }
  }

  /** Type and shape, for instance {@code float32[1,3,80,80]}. */
  @Override
  public String toString() {
    return type.name().toLowerCase(Locale.ROOT) + shape;
  }
}
