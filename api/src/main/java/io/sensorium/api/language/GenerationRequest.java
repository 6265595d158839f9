package io.sensorium.api.language;

import java.util.Objects;

/**
 * A text wanted of a model. Immutable.
 *
 * @param model a package's id
 * @param prompt what it goes on from
 * @param options how the text is made
 */
public record GenerationRequest(String model, Prompt prompt, DecodingOptions options) {
  public GenerationRequest {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
  }
}
