package io.sensorium.language.scheduling;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceAdditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sequence as decodings see it. It knows what it remembers, so that it can be kept for others,
 * and takes a place of the model only when its first tokens come, so that one can be chosen that
 * remembers them already. One thread.
 */
final class TrackedSequence implements Sequence {
  private final SequencePool pool;
  private final SequenceAdditions additions;
  private final List<Mark> marks = new ArrayList<>();
  private Optional<Sequence> place = Optional.empty();
  private boolean kept;
  private boolean closed;

  /**
   * @param additions what it has that the model does not
   */
  TrackedSequence(SequencePool pool, SequenceAdditions additions) {
    this.pool = pool;
    this.additions = additions;
  }

  /**
   * Makes ready for an extension.
   *
   * @return how many of its tokens are remembered already
   */
  int prepare(Extension extension) {
    requireOpen();
    if (place.isPresent()) {
      return 0;
    }
    List<Mark> coming = Mark.of(extension);
    // Hidden states are wanted of every token, so that every token must be run.
    SequencePool.Begun begun = pool.begin(additions, extension.hiddenStates() ? List.of() : coming);
    place = Optional.of(begun.sequence());
    marks.addAll(coming.subList(0, begun.length()));
    return begun.length();
  }

  /** The model's own sequence, once {@link #prepare prepared}. */
  Sequence own() {
    requireOpen();
    return place.orElseThrow();
  }

  /** Tokens were run. */
  void grown(Extension by) {
    marks.addAll(Mark.of(by));
  }

  /** From now on, closing keeps what it remembers for others. */
  void keepWhenClosed() {
    kept = true;
  }

  @Override
  public int length() {
    return marks.size();
  }

  @Override
  public Sequence fork() {
    requireOpen();
    TrackedSequence fork = new TrackedSequence(pool, additions);
    fork.place = place.map(pool::fork);
    fork.marks.addAll(marks);
    return fork;
  }

  @Override
  public void become(Sequence other, int shared) {
    requireOpen();
    TrackedSequence tracked = (TrackedSequence) other;
    own().become(tracked.own(), shared);
    marks.clear();
    marks.addAll(tracked.marks);
  }

  @Override
  public boolean truncate(int length) {
    requireOpen();
    if (length < 0 || length > marks.size()) {
      throw new IllegalArgumentException(
          "a length must be in [0, %d]; got %d".formatted(marks.size(), length));
    }
    if (place.isPresent() && !place.get().truncate(length)) {
      return false;
    }
    marks.subList(length, marks.size()).clear();
    return true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the sequence is closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (kept) {
      place.ifPresent(own -> pool.keep(own, additions, marks));
    } else {
      place.ifPresent(pool::end);
    }
  }
}
