package io.sensorium.language.scheduling;

import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceAdditions;
import java.util.ArrayList;
import java.util.List;

/**
 * The places of a model: sequences that requests work with, and finished ones that are kept as long
 * as nobody needs their place, for requests that begin alike. One thread.
 */
final class SequencePool {
  /** A shorter beginning is read again sooner than it is copied. */
  static final int SHORTEST_REUSED = 8;

  private final LanguageModel model;
  private final int places;
  private final boolean keeps;
  // The longest unused first.
  private final List<Kept> kept = new ArrayList<>();
  private int working;

  private record Kept(Sequence sequence, SequenceAdditions additions, List<Mark> marks) {
    /** How many tokens it begins with like another one, which is nothing with other additions. */
    int common(SequenceAdditions others, List<Mark> other) {
      return additions.equals(others) ? Mark.common(marks, other) : 0;
    }
  }

  /**
   * A sequence to go on with.
   *
   * @param length tokens that it remembers already
   */
  record Begun(Sequence sequence, int length) {}

  /**
   * @param places that the model was opened for
   * @param keeps whether finished sequences are kept
   */
  SequencePool(LanguageModel model, int places, boolean keeps) {
    this.model = model;
    this.places = places;
    this.keeps = keeps;
  }

  /** A sequence for tokens with these marks, which may remember some of the first of them. */
  Begun begin(SequenceAdditions additions, List<Mark> marks) {
    Kept best = null;
    int common = 0;
    for (Kept candidate : kept) {
      // The last token must be run in any case: its logits are wanted.
      int alike = Math.min(candidate.common(additions, marks), marks.size() - 1);
      if (alike >= Math.max(SHORTEST_REUSED, common)) {
        best = candidate;
        common = alike;
      }
    }
    if (best != null) {
      Sequence sequence = reuse(best);
      if (sequence.length() == common || sequence.truncate(common)) {
        return new Begun(sequence, common);
      }
      end(sequence);
    }
    makeRoom();
    Sequence sequence = model.begin(additions);
    working++;
    return new Begun(sequence, 0);
  }

  /** Stays for others if a place can be had for that, else is taken over. */
  private Sequence reuse(Kept found) {
    kept.remove(found);
    kept.add(found);
    if (working + kept.size() >= places && kept.size() == 1) {
      kept.removeLast();
      working++;
      return found.sequence();
    }
    return fork(found.sequence());
  }

  /** Another sequence that remembers the same. */
  Sequence fork(Sequence sequence) {
    makeRoom();
    Sequence fork = sequence.fork();
    working++;
    return fork;
  }

  private void makeRoom() {
    while (!kept.isEmpty() && working + kept.size() >= places) {
      kept.removeFirst().sequence().close();
    }
  }

  /** Gives a working sequence's place back. */
  void end(Sequence sequence) {
    working--;
    sequence.close();
  }

  /** Keeps a working sequence that is finished. */
  void keep(Sequence sequence, SequenceAdditions additions, List<Mark> marks) {
    if (!keeps || marks.size() < SHORTEST_REUSED) {
      end(sequence);
      return;
    }
    working--;
    for (Kept covered : List.copyOf(kept)) {
      if (covered.common(additions, marks) == covered.marks().size()) {
        kept.remove(covered);
        covered.sequence().close();
      }
    }
    kept.add(new Kept(sequence, additions, List.copyOf(marks)));
  }

  /** How many sequences are kept. */
  int kept() {
    return kept.size();
  }

  /** How many kept sequences have an adapter. */
  int kept(LoadedAdapter adapter) {
    return (int) kept.stream().filter(each -> has(each, adapter)).count();
  }

  /** Keeps no sequence that has the adapter any longer. */
  void forget(LoadedAdapter adapter) {
    kept.stream().filter(each -> has(each, adapter)).forEach(each -> each.sequence().close());
    kept.removeIf(each -> has(each, adapter));
  }

  private static boolean has(Kept kept, LoadedAdapter adapter) {
    return kept.additions().adapter().filter(adapter::equals).isPresent();
  }
}
