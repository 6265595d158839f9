package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.Tensor;

/**
 * A tensor of a checkpoint and where it lies. Immutable.
 *
 * @param file the safetensors file's path relative to the checkpoint's folder, with {@code /}
 * @param info its place in that file
 * @param tensor a read-only view, valid until the {@link CheckpointFolder} is closed
 */
public record StoredTensor(String file, TensorInfo info, Tensor tensor) {}
