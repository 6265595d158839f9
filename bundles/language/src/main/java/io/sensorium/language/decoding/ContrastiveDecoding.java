package io.sensorium.language.decoding;

import io.sensorium.api.language.DecodingStrategy.Contrastive;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import java.util.ArrayList;
import java.util.Collections;
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
final class ContrastiveDecoding implements Decoding {
  private final TextRun run;
  private final Contrastive settings;
  private final TokenRules rules;
  private final HiddenContext context;
  private final List<Integer> tokens = new ArrayList<>();
  private final List<ScoredToken> scores = new ArrayList<>();
  // All of them remember the same between steps.
  private final List<Sequence> sequences = new ArrayList<>();
  private int[] candidates = {};
  private double[] candidateProbabilities = {};
  private Optional<TokenProbabilities> probabilities = Optional.empty();
  private List<Extension> wanted;
  private Optional<FinishReason> finishReason = Optional.empty();

  ContrastiveDecoding(TextRun run, Contrastive settings) {
    if (run.model().hiddenWidth() < 1) {
      throw new IllegalArgumentException(
          "contrastive search needs a model that gives hidden states; %s gives none"
              .formatted(run.model().model()));
    }
    this.run = run;
    this.settings = settings;
    this.rules = run.rules();
    this.context = new HiddenContext(run.model().hiddenWidth());
    this.sequences.add(run.sequence());
    this.wanted = run.prompt(true);
  }

  @Override
  public List<Extension> wanted() {
    return wanted;
  }

  @Override
  public void accept(List<Prediction> predictions) {
    int chosen = 0;
    if (candidates.length > 0) {
      chosen = choose(predictions);
    }
    context.add(predictions.get(chosen).hiddenStates().orElseThrow());
    if (finishReason.isPresent()) {
      wanted = List.of();
      return;
    }
    remember(chosen);
    propose(run.logits(predictions.get(chosen), tokens.size()));
  }

  private int choose(List<Prediction> predictions) {
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.length; i++) {
      double likeness = context.likeness(predictions.get(i).hiddenStates().orElseThrow());
      double score =
          (1 - settings.alpha()) * candidateProbabilities[i] - settings.alpha() * likeness;
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    int token = candidates[best];
    tokens.add(token);
    probabilities.ifPresent(known -> scores.add(known.of(token)));
    if (rules.ends(token)) {
      finishReason = Optional.of(FinishReason.END);
    } else {
      rules.accept(token);
      if (tokens.size() == run.mostTokens()) {
        finishReason = Optional.of(FinishReason.LENGTH);
      }
    }
    return best;
  }

  /** Lets every sequence remember what the chosen one does. */
  private void remember(int chosen) {
    Sequence like = sequences.get(chosen);
    for (Sequence sequence : sequences) {
      if (!sequence.equals(like)) {
        sequence.become(like, like.length() - 1);
      }
    }
  }

  private void propose(float[] logits) {
    probabilities = run.probabilities(logits);
    if (!rules.apply(logits)) {
      rules.requireMayEnd();
      finishReason = Optional.of(FinishReason.END);
      wanted = List.of();
      return;
    }
    double logSum = Scores.logSum(logits);
    candidates = TopTokens.of(logits, settings.topK());
    candidateProbabilities = new double[candidates.length];
    List<Extension> next = new ArrayList<>();
    for (int i = 0; i < candidates.length; i++) {
      candidateProbabilities[i] = Math.exp(logits[candidates[i]] - logSum);
      if (i == sequences.size()) {
        sequences.add(run.sequence().fork());
      }
      next.add(new Extension(sequences.get(i), List.of(candidates[i]), Optional.empty(), true));
    }
    wanted = next;
  }

  @Override
  public List<Integer> certain() {
    return Collections.unmodifiableList(tokens);
  }

  @Override
  public List<ScoredToken> scores() {
    return Collections.unmodifiableList(scores);
  }

  @Override
  public Optional<FinishReason> finishReason() {
    return finishReason;
  }

  @Override
  public void close() {
    sequences.forEach(Sequence::close);
  }
}
