package io.sensorium.space;

import io.sensorium.api.tensor.Tensor;
import java.util.Map;

/**
 * An item with its input tensors, each of shape {@code [1, ...]}. Immutable.
 *
 * @param item the request
 * @param tensors by input name
 * @param bytes their size together, by which items of like length are put together
 */
record PreparedItem(Item item, Map<String, Tensor> tensors, long bytes) {}
