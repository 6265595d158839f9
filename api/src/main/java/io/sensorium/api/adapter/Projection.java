package io.sensorium.api.adapter;

import io.sensorium.api.language.PromptPart;
import io.sensorium.api.tensor.Tensor;
import java.util.Objects;

/** What an adapter makes of an item for a language model. The caller's. Immutable. */
public sealed interface Projection {
  /**
   * Rows that stand where tokens would.
   *
   * @param media under the name of the item's modality as their sense
   */
  record Rows(PromptPart.Media media) implements Projection {
    public Rows {
      Objects.requireNonNull(media, "media");
    }
  }

  /**
   * Vectors that are added to every layer's attention while a text is read and made, of the kind
   * {@code zero_gated}: {@link io.sensorium.api.language.GenerationRequest#layerAdditions}.
   *
   * @param vectors {@code float32[layers, attentionWidth]}
   */
  record LayerAdditions(Tensor vectors) implements Projection {
    public LayerAdditions {
      Objects.requireNonNull(vectors, "vectors");
    }
  }
}
