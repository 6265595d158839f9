package io.sensorium.api.language;

import io.sensorium.api.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;

/**
 * A text wanted of a model. Immutable.
 *
 * @param model a package's id
 * @param prompt what it goes on from
 * @param options how the text is made
 * @param layerAdditions what a zero-gated adapter made of an item, as {@link
 *     SequenceAdditions#layers()}; borrowed until the answer is there
 */
public record GenerationRequest(
    String model, Prompt prompt, DecodingOptions options, Optional<Tensor> layerAdditions) {
  public GenerationRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(layerAdditions, "layerAdditions");
  }

  /** A text of the prompt alone. */
  public GenerationRequest(String model, Prompt prompt, DecodingOptions options) {
    this(model, prompt, options, Optional.empty());
  }
}
