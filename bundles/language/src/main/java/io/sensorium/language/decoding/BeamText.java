package io.sensorium.language.decoding;

import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the texts of a beam search that still grow.
 *
 * @param sequence that remembers the prompt and every step but the last one
 * @param rules in the state after the last step
 * @param last its end; empty for a text without tokens
 * @param score the sum of its tokens' log-probabilities, after penalties
 */
record BeamText(Sequence sequence, TokenRules rules, Optional<Step> last, double score) {

  /**
   * A token and those before it, which texts share. Immutable.
   *
   * @param number of tokens up to this one
   * @param scored empty if log-probabilities are not wanted
   */
  record Step(Optional<Step> before, int number, int token, Optional<ScoredToken> scored) {
    List<Step> all() {
      List<Step> steps = new ArrayList<>();
      for (Optional<Step> step = Optional.of(this); step.isPresent(); step = step.get().before) {
        steps.add(step.get());
      }
      return steps.reversed();
    }
  }

  /**
   * A text that will not grow any more.
   *
   * @param score with the length penalty
   */
  record Finished(Optional<Step> last, double score, FinishReason reason) {}

  int length() {
    return last.map(Step::number).orElse(0);
  }

  /** How many tokens two texts of equal length both begin with. */
  int shared(BeamText other) {
    int shared = length();
    Optional<Step> theirs = other.last;
    for (Optional<Step> mine = last; mine.isPresent(); mine = mine.get().before()) {
      Step counterpart = theirs.orElseThrow();
      if (mine.get().token() != counterpart.token()) {
        shared = mine.get().number() - 1;
      }
      theirs = counterpart.before();
    }
    return shared;
  }
}
