package io.sensorium.language.decoding;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What every strategy needs to know of its request and its model. Immutable.
 *
 * @param model asked for its sizes alone
 * @param sequence empty before the prompt
 * @param request what is wanted
 */
record TextRun(LanguageModel model, Sequence sequence, DecodingRequest request) {
  TextRun {
    int room = model.contextLength() - request.prompt().size();
    if (room < 1) {
      throw new IllegalArgumentException(
          "a prompt of %s must have fewer than %d tokens; got %d"
              .formatted(model.model(), model.contextLength(), request.prompt().size()));
    }
  }

  /** Tokens that the text may have. */
  int mostTokens() {
    return Math.min(request.options().maxTokens(), model.contextLength() - request.prompt().size());
  }

  /** The prompt, to be run first. */
  List<Extension> prompt(boolean hiddenStates) {
    return List.of(new Extension(sequence, request.prompt(), request.media(), hiddenStates));
  }

  /** The rules of a text that has only its prompt. */
  TokenRules rules() {
    return new TokenRules(request, model.vocabularySize());
  }

  /** Answers whether each token's probability is wanted. */
  boolean wantsScores() {
    return request.options().logProbabilities() >= 0;
  }

  /** The probabilities by these logits, if they are wanted; the logits may be changed then. */
  Optional<TokenProbabilities> probabilities(float[] logits) {
    return wantsScores()
        ? Optional.of(new TokenProbabilities(logits, request.options().logProbabilities()))
        : Optional.empty();
  }

  /**
   * The logits of a prediction, which may be changed.
   *
   * @param tokens of the text so far, for the message
   * @throws InferenceException if they are not what can be chosen from
   */
  float[] logits(Prediction prediction, int tokens) {
    FloatBuffer given = prediction.logits();
    if (given.remaining() != model.vocabularySize()) {
      throw new InferenceException(
          "logits of %s must be %d numbers; got %d"
              .formatted(model.model(), model.vocabularySize(), given.remaining()));
    }
    float[] logits;
    if (given.hasArray() && given.array().length == given.remaining()) {
      logits = given.array();
    } else {
      logits = new float[given.remaining()];
      given.duplicate().get(logits);
    }
    for (int token : request.unknownTokens()) {
      logits[token] = Float.NEGATIVE_INFINITY;
    }
    int bad = Scores.firstUnusable(logits);
    if (bad >= 0) {
      throw new InferenceException(
          "logits of %s must be finite numbers, or -Infinity for some; got %s for token %d after %d"
                  .formatted(model.model(), logits[bad], bad, request.prompt().size() + tokens)
              + " tokens");
    }
    return logits;
  }
}
