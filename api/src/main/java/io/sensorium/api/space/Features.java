package io.sensorium.api.space;

import io.sensorium.api.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;

/**
 * What an encoder found in an item. Immutable, but for the tensor's memory, which is the caller's.
 *
 * @param embedding of length 1
 * @param tokens {@code float32[tokens, width]}, the class token first where there is one; empty if
 *     they were not asked for
 * @param encoder the id of the package that encoded the item
 * @param encoderVersion that package's version
 */
public record Features(
    Embedding embedding, Optional<Tensor> tokens, String encoder, String encoderVersion) {
  public Features {
    Objects.requireNonNull(embedding, "embedding");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(encoderVersion, "encoderVersion");
  }
}
