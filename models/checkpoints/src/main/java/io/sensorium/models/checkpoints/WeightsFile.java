package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.Tensor;
import java.util.List;

/** A file of named tensors, mapped into memory. Safe for use by several threads. */
sealed interface WeightsFile extends AutoCloseable permits SafetensorsFile, TorchFile {
  /** Every tensor's name. */
  List<String> names();

  /** Answers whether the file holds a tensor of that name. */
  boolean contains(String name);

  /**
   * Where a tensor lies.
   *
   * @throws io.sensorium.api.ModelLoadException if there is none of that name
   */
  TensorInfo info(String name);

  /**
   * A tensor as a read-only view of the mapping, valid until {@link #close()}. No bytes are read.
   *
   * @throws io.sensorium.api.ModelLoadException if there is none of that name
   */
  Tensor tensor(String name);

  /** Unmaps the file. Closing twice does nothing. */
  @Override
  void close();
}
