package io.sensorium.language.decoding;

import io.sensorium.api.language.DecodingStrategy.Beam;
import io.sensorium.api.language.DecodingStrategy.EarlyStopping;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.language.decoding.BeamText.Finished;
import io.sensorium.language.decoding.BeamText.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the {@code width} best unfinished and the {@code width} best finished texts, as
 * transformers' beam search does: log-probabilities are taken before penalties, candidates that end
 * count as finished only among the {@code width} best, and scores of finished ones are divided by
 * {@code length^lengthPenalty}. A stop ends a text as an end token does.
 *
 * <p>Lowerre, "The HARPY Speech Recognition System" (1976); length penalty after Wu et al.,
 * "Google's Neural Machine Translation System" (2016).
 */
final class BeamDecoding implements Decoding {
  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingDouble((Candidate candidate) -> -candidate.score())
          .thenComparingInt(Candidate::parent)
          .thenComparingInt(Candidate::token);

  private final TextRun run;
  private final Beam settings;
  private final int candidatesKept;
  private final List<Finished> finished = new ArrayList<>();
  // Whose sequences can be used again.
  private final Deque<BeamText> ended = new ArrayDeque<>();
  private List<BeamText> running;
  private List<Extension> wanted;
  private Optional<Finished> best = Optional.empty();

  /** A running text with one more token. */
  private record Candidate(int parent, int token, double score) {}

  BeamDecoding(TextRun run, Beam settings) {
    this.run = run;
    this.settings = settings;
    TokenRules rules = run.rules();
    // As many as end by the model leave enough that do not.
    this.candidatesKept = rules.endTokens() + settings.width();
    this.running = List.of(new BeamText(run.sequence(), rules, Optional.empty(), 0));
    this.wanted = run.prompt(false);
  }

  @Override
  public List<Extension> wanted() {
    return wanted;
  }

  @Override
  public void accept(List<Prediction> predictions) {
    int length = running.getFirst().length() + 1;
    List<Optional<TokenProbabilities>> probabilities = new ArrayList<>();
    List<Candidate> candidates = candidates(predictions, probabilities);
    List<Candidate> going = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int rank = 0; rank < candidates.size(); rank++) {
      Candidate candidate = candidates.get(rank);
      Optional<FinishReason> ending =
          running.get(candidate.parent()).rules().ending(candidate.token());
      if (ending.isEmpty() && length < run.mostTokens()) {
        if (going.size() < settings.width()) {
          going.add(candidate);
          steps.add(step(candidate, probabilities));
        }
      } else if (rank < settings.width()) {
        finish(
            Optional.of(step(candidate, probabilities)),
            candidate.score(),
            ending.orElse(FinishReason.LENGTH));
      }
    }
    if (isOver(going, length)) {
      wanted = List.of();
      best = Optional.of(finished.getFirst());
    } else {
      grow(going, steps);
    }
  }

  /** The best continuations of all running texts, best first. */
  private List<Candidate> candidates(
      List<Prediction> predictions, List<Optional<TokenProbabilities>> probabilities) {
    List<Candidate> candidates = new ArrayList<>();
    for (int parent = 0; parent < running.size(); parent++) {
      BeamText text = running.get(parent);
      float[] scores = run.logits(predictions.get(parent), text.length());
      probabilities.add(run.probabilities(scores));
      Scores.normalise(scores);
      if (text.rules().apply(scores)) {
        for (int token : best(text.rules(), scores)) {
          candidates.add(new Candidate(parent, token, text.score() + scores[token]));
        }
      } else if (text.rules().mayEnd()) {
        finish(text.last(), text.score(), FinishReason.END);
      }
    }
    if (candidates.isEmpty() && finished.isEmpty()) {
      running.getFirst().rules().requireMayEnd();
    }
    candidates.sort(BEST_FIRST);
    return candidates;
  }

  /** The best tokens after a text; as many as it takes for {@code width} that do not end it. */
  private int[] best(TokenRules rules, float[] scores) {
    int kept = candidatesKept;
    int[] tokens = TopTokens.of(scores, kept);
    while (rules.mayStop() && tokens.length == kept && goingOn(rules, tokens) < settings.width()) {
      kept *= 2;
      tokens = TopTokens.of(scores, kept);
    }
    return tokens;
  }

  private static long goingOn(TokenRules rules, int[] tokens) {
    return Arrays.stream(tokens).filter(token -> rules.ending(token).isEmpty()).count();
  }

  private Step step(Candidate candidate, List<Optional<TokenProbabilities>> probabilities) {
    BeamText parent = running.get(candidate.parent());
    return new Step(
        parent.last(),
        parent.length() + 1,
        candidate.token(),
        probabilities.get(candidate.parent()).map(known -> known.of(candidate.token())));
  }

  private void finish(Optional<Step> last, double score, FinishReason reason) {
    int length = last.map(Step::number).orElse(1);
    finished.add(new Finished(last, penalised(score, length), reason));
    finished.sort(Comparator.comparingDouble(text -> -text.score()));
    if (finished.size() > settings.width()) {
      finished.removeLast();
    }
  }

  private double penalised(double score, int length) {
    return score / Math.pow(length, settings.lengthPenalty());
  }

  private boolean isOver(List<Candidate> going, int length) {
    if (going.isEmpty()) {
      return true;
    }
    if (finished.size() < settings.width()) {
      return false;
    }
    boolean mayGainByLength =
        settings.earlyStopping() == EarlyStopping.NEVER_BETTER && settings.lengthPenalty() > 0;
    double hoped = penalised(going.getFirst().score(), mayGainByLength ? run.mostTokens() : length);
    return settings.earlyStopping() == EarlyStopping.WHEN_FULL
        || hoped <= finished.getLast().score();
  }

  /** The first child of a text goes on in its sequence, others in sequences that nobody needs. */
  private void grow(List<Candidate> going, List<Step> steps) {
    Set<Integer> parents = new HashSet<>();
    going.forEach(candidate -> parents.add(candidate.parent()));
    for (int i = 0; i < running.size(); i++) {
      if (!parents.contains(i)) {
        ended.add(running.get(i));
      }
    }
    List<BeamText> next = new ArrayList<>();
    for (int i = 0; i < going.size(); i++) {
      BeamText parent = running.get(going.get(i).parent());
      boolean first = parents.remove(going.get(i).parent());
      next.add(
          new BeamText(
              first ? parent.sequence() : sequenceLike(parent),
              first ? parent.rules() : parent.rules().fork(),
              Optional.of(steps.get(i)),
              going.get(i).score()));
    }
    // Not before all children have forked.
    next.forEach(text -> text.rules().accept(text.last().orElseThrow().token()));
    running = next;
    wanted =
        next.stream()
            .map(text -> new Extension(text.sequence(), List.of(text.last().orElseThrow().token())))
            .toList();
  }

  private Sequence sequenceLike(BeamText parent) {
    if (ended.isEmpty()) {
      return parent.sequence().fork();
    }
    BeamText reused = ended.remove();
    int shared = run.request().prompt().size() + reused.shared(parent);
    reused.sequence().become(parent.sequence(), shared);
    return reused.sequence();
  }

  @Override
  public List<Integer> certain() {
    return steps().stream().map(Step::token).toList();
  }

  @Override
  public List<ScoredToken> scores() {
    return steps().stream().flatMap(step -> step.scored().stream()).toList();
  }

  private List<Step> steps() {
    return best.flatMap(Finished::last).map(Step::all).orElse(List.of());
  }

  @Override
  public Optional<FinishReason> finishReason() {
    return best.map(Finished::reason);
  }

  @Override
  public void close() {
    running.forEach(text -> text.sequence().close());
    ended.forEach(text -> text.sequence().close());
  }
}
