package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.ElementType;

/**
 * A run of elements that tensors share, by the name it has in its file. Immutable.
 *
 * @param key its name
 * @param type of its elements
 * @param elements how many there are, so few that their bytes can be counted
 */
record TorchStorage(String key, ElementType type, long elements) {
  long bytes() {
    return elements * type.bytes();
  }
}
