package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.Shape;

/**
 * A tensor as a pickle describes it: a part of a storage, row by row. Immutable.
 *
 * @param storage whose elements it has
 * @param first of its elements in the storage
 * @param shape its sizes
 */
record TorchTensor(TorchStorage storage, long first, Shape shape) {}
