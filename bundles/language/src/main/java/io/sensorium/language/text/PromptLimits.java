package io.sensorium.language.text;

/**
 * What a model takes for a prompt. Immutable.
 *
 * @param model for messages
 * @param vocabularySize ids are below this
 * @param contextLength places at most
 * @param mediaWidth components of a media row; 0 if there may be none
 */
record PromptLimits(String model, int vocabularySize, int contextLength, int mediaWidth) {
  PromptLimits {
    if (contextLength < 1 || mediaWidth < 0) {
      throw new IllegalArgumentException(
          "a context of at least 1 token and media of width 0 or more are required; got %d and %d"
              .formatted(contextLength, mediaWidth));
    }
  }

  IllegalArgumentException tooLong(String found) {
    return new IllegalArgumentException(
        "a prompt must fit into the context of %d tokens; it has %s (model %s)"
            .formatted(contextLength, found, model));
  }
}
