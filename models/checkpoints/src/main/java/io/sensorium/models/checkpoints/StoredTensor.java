package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;

/**
 * A tensor of a checkpoint and where it lies. Immutable.
 *
 * @param file the path of the file of weights relative to the checkpoint's folder, with {@code /}
 * @param info its place in that file
 * @param tensor a read-only view, valid until the {@link CheckpointFolder} is closed
 */
public record StoredTensor(String file, TensorInfo info, Tensor tensor) {
  /**
   * One of several equal blocks of rows, in the same place of the same file.
   *
   * @param part from 0
   * @param parts a divisor of the first dimension
   */
  public StoredTensor rows(int part, int parts) {
    long all = info.shape().dimension(0);
    if (all % parts != 0 || part < 0 || part >= parts) {
      throw new IllegalArgumentException(
          "part %d of %d of the %d rows of '%s' does not exist"
              .formatted(part, parts, all, info.name()));
    }
    Shape shape = info.shape().with(0, all / parts);
    long length = info.length() / parts;
    TensorInfo block =
        new TensorInfo(info.name(), info.type(), shape, info.offset() + part * length, length);
    return new StoredTensor(
        file, block, Tensor.of(info.type(), shape, tensor.data().asSlice(part * length, length)));
  }
}
