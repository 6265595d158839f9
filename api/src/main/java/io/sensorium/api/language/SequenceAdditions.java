package io.sensorium.api.language;

import io.sensorium.api.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sequence has that its model does not. It holds from the sequence's first token to its
 * last, and for those forked from it. Immutable.
 *
 * @param adapter loaded into the same model
 * @param layers {@code float32[layers, attentionWidth]}, added to every token's attention before
 *     its output projection, layer by layer; copied when the sequence begins. Zhang et al.,
 *     "LLaMA-Adapter" (arXiv:2303.16199), where it is {@code tanh(gate) * Wv(prompt)} of one token
 */
public record SequenceAdditions(Optional<LoadedAdapter> adapter, Optional<Tensor> layers) {
  /** The model as it is. */
  public static final SequenceAdditions NONE =
      new SequenceAdditions(Optional.empty(), Optional.empty());

  public SequenceAdditions {
    Objects.requireNonNull(adapter, "adapter");
    Objects.requireNonNull(layers, "layers");
  }

  /** Answers whether there is nothing. */
  public boolean isNone() {
    return adapter.isEmpty() && layers.isEmpty();
  }
}
