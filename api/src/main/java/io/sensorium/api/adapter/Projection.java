package io.sensorium.api.adapter;

import io.sensorium.api.language.PromptPart;
import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What adapters make of the items of one question for a language model. The caller's. Immutable.
 *
 * @param media rows that stand where tokens would, in the order of the items that were made into
 *     rows, each under the name of its item's modality as its sense
 * @param layerAdditions {@code float32[layers, attentionWidth]}, what adapters of the kind {@code
 *     zero_gated} add to every layer's attention while a text is read and made: {@link
 *     io.sensorium.api.language.GenerationRequest#layerAdditions}; empty if there are none
 */
public record Projection(List<PromptPart.Media> media, Optional<Tensor> layerAdditions) {
  public Projection {
    media = List.copyOf(media);
    Objects.requireNonNull(layerAdditions, "layerAdditions");
  }
}
