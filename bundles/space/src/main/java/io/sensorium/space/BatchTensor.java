package io.sensorium.space;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The memory of one input or output, kept between runs. One thread at a time.
 *
 * <p>A tensor handed out is valid until the next call.
 */
final class BatchTensor {
  private final ElementType type;
  private MemorySegment memory = MemorySegment.NULL;

  BatchTensor(ElementType type) {
    this.type = type;
  }

  /** A tensor of the given shape with whatever was in the memory. */
  Tensor ofShape(Shape shape) {
    long bytes = Math.multiplyExact(shape.elements(), type.bytes());
    if (memory.byteSize() < bytes) {
      memory = Tensor.allocate(type, Shape.of(shape.elements())).data();
    }
    return Tensor.of(type, shape, memory.asSlice(0, bytes));
  }

  /**
   * Puts rows together, padded at their ends with zeros to the longest.
   *
   * @param rows each of shape {@code [1, ...]}, of one rank
   * @return of shape {@code [rows, ...]}
   */
  Tensor pack(List<Tensor> rows) {
    Shape common = rows.getFirst().shape();
    boolean alike = true;
    for (Tensor row : rows) {
      for (int axis = 1; axis < common.rank(); axis++) {
        long size = row.shape().dimension(axis);
        alike &= size == common.dimension(axis);
        if (size > common.dimension(axis)) {
          common = common.with(axis, size);
        }
      }
    }
    Tensor batch = ofShape(common.with(0, rows.size()));
    if (!alike) {
      batch.data().fill((byte) 0);
    }
    long rowBytes = batch.data().byteSize() / rows.size();
    for (int i = 0; i < rows.size(); i++) {
      Tensor row = rows.get(i);
      if (row.shape().equals(common)) {
        MemorySegment.copy(row.data(), 0, batch.data(), i * rowBytes, rowBytes);
      } else {
        copyBlock(row, 0, batch, i * rowBytes, 1);
      }
    }
    return batch;
  }

  private static void copyBlock(Tensor row, long from, Tensor batch, long to, int axis) {
    long count = row.shape().dimension(axis);
    long fromStride = blockBytes(row, axis + 1);
    long toStride = blockBytes(batch, axis + 1);
    if (axis == row.shape().rank() - 1) {
      MemorySegment.copy(row.data(), from, batch.data(), to, count * fromStride);
      return;
    }
    for (long i = 0; i < count; i++) {
      copyBlock(row, from + i * fromStride, batch, to + i * toStride, axis + 1);
    }
  }

  private static long blockBytes(Tensor tensor, int firstAxis) {
    long bytes = tensor.type().bytes();
    for (int axis = firstAxis; axis < tensor.shape().rank(); axis++) {
      bytes *= tensor.shape().dimension(axis);
    }
    return bytes;
  }
}
