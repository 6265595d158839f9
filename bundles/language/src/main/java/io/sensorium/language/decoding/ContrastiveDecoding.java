package io.sensorium.language.decoding;

import io.sensorium.api.language.DecodingStrategy.Contrastive;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks one token ahead: each of the most probable tokens is run, and the one is chosen for which
 * {@code (1 - alpha) p - alpha s} is largest, {@code p} its probability and {@code s} the largest
 * cosine between its hidden state and those of all tokens before it, the prompt's included. What
 * follows the chosen token is known by then, so that a text takes one run a token as others do, but
 * of {@code topK} sequences.
 *
 * <p>Su et al., "A Contrastive Framework for Neural Text Generation" (2022), equation 5.
 */
final class ContrastiveDecoding extends OneTextDecoding {
  private final Contrastive settings;
  private final HiddenContext context;
  // All of them remember the same between steps.
  private final List<Sequence> sequences = new ArrayList<>();
  private int[] candidates = {};
  private double[] probabilities = {};

  ContrastiveDecoding(TextRun run, Contrastive settings) {
    super(run, true);
    if (run.model().hiddenWidth() < 1) {
      throw new IllegalArgumentException(
          "contrastive search needs a model that gives hidden states; %s gives none"
              .formatted(run.model().model()));
    }
    this.settings = settings;
    this.context = new HiddenContext(run.model().hiddenWidth());
    this.sequences.add(run.sequence());
  }

  @Override
  public void accept(List<Prediction> predictions) {
    int chosen = 0;
    if (candidates.length > 0) {
      chosen = best(predictions);
      take(candidates[chosen]);
    }
    if (finishReason().isEmpty()) {
      context.add(predictions.get(chosen).hiddenStates().orElseThrow());
      remember(sequences.get(chosen));
      offers(predictions.get(chosen)).ifPresent(this::propose);
    }
  }

  private int best(List<Prediction> predictions) {
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.length; i++) {
      double likeness = context.likeness(predictions.get(i).hiddenStates().orElseThrow());
      double score = (1 - settings.alpha()) * probabilities[i] - settings.alpha() * likeness;
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  /** Lets every sequence remember what the chosen one does. */
  private void remember(Sequence chosen) {
    for (Sequence sequence : sequences) {
      if (!sequence.equals(chosen)) {
        sequence.become(chosen, chosen.length() - 1);
      }
    }
  }

  private void propose(float[] logits) {
    double logSum = Scores.logSum(logits);
    candidates = TopTokens.of(logits, settings.topK());
    probabilities = new double[candidates.length];
    List<Extension> next = new ArrayList<>();
    for (int i = 0; i < candidates.length; i++) {
      probabilities[i] = Math.exp(logits[candidates[i]] - logSum);
      if (i == sequences.size()) {
        sequences.add(sequences.getFirst().fork());
      }
      next.add(new Extension(sequences.get(i), List.of(candidates[i]), Optional.empty(), true));
    }
    want(next);
  }

  @Override
  public void close() {
    sequences.forEach(Sequence::close);
  }
}
