package io.sensorium.language.scheduling;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.Prediction;
import io.sensorium.language.decoding.Decoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A request's way through the model: what it wants to be run, piece by piece. One thread. */
final class Course {
  private final Ticket ticket;
  private final Decoding decoding;
  private final long beganNanos = System.nanoTime();
  private long promptReadNanos;
  private List<Growth> growths = List.of();
  private List<Growth> latest = List.of();

  /** One extension on its way. */
  static final class Growth {
    private final Course course;
    private final Extension wanted;
    private final TrackedSequence sequence;
    private int done;
    private List<Prediction> pieces = List.of();

    private Growth(Course course, Extension wanted) {
      this.course = course;
      this.wanted = wanted;
      if (!(wanted.sequence() instanceof TrackedSequence tracked)) {
        throw new IllegalStateException(
            "a decoding must extend the sequences it was given; got " + wanted.sequence());
      }
      this.sequence = tracked;
    }

    Course course() {
      return course;
    }

    /** Tokens that are still to be run. */
    int left() {
      return wanted.tokens().size() - done;
    }

    /** The next so many of them, for the model's own sequence. */
    Extension next(int tokens) {
      List<Integer> some = wanted.tokens().subList(done, done + tokens);
      return new Extension(sequence.own(), some, wanted.media(), wanted.hiddenStates());
    }

    /** They were run. */
    void ran(Extension extension, Prediction prediction) {
      sequence.grown(extension);
      done += extension.tokens().size();
      List<Prediction> wantedOnes = new ArrayList<>(wanted.hiddenStates() ? pieces : List.of());
      wantedOnes.add(prediction);
      pieces = wantedOnes;
    }

    private Prediction prediction() {
      return Prediction.join(pieces);
    }
  }

  /** Takes over the decoding. */
  Course(Ticket ticket, Decoding decoding) {
    this.ticket = ticket;
    this.decoding = decoding;
  }

  Ticket ticket() {
    return ticket;
  }

  /** Extensions that are not finished. */
  List<Growth> unfinished() {
    return growths.stream().filter(growth -> growth.left() > 0).toList();
  }

  /**
   * Asks the decoding what it wants next.
   *
   * @return tokens that need not be run because they are remembered
   */
  int ask() {
    List<Growth> next = new ArrayList<>();
    int remembered = 0;
    for (Extension extension : decoding.wanted()) {
      Growth growth = new Growth(this, extension);
      growth.done = growth.sequence.prepare(extension);
      remembered += growth.done;
      next.add(growth);
    }
    growths = next;
    latest = next;
    return remembered;
  }

  /** Answers whether the prompt has been run. */
  boolean hasReadPrompt() {
    return promptReadNanos != 0;
  }

  /** Tokens of the prompt that are still to be run. */
  int promptLeft() {
    return hasReadPrompt() ? 0 : growths.stream().mapToInt(Growth::left).sum();
  }

  /**
   * Goes on if everything that was wanted has been run.
   *
   * @return how many tokens of the answer have become certain
   */
  int goOn() {
    if (growths.isEmpty() || growths.stream().anyMatch(growth -> growth.left() > 0)) {
      return 0;
    }
    if (!hasReadPrompt()) {
      promptReadNanos = System.nanoTime();
    }
    int before = decoding.certain().size();
    decoding.accept(growths.stream().map(Growth::prediction).toList());
    growths = List.of();
    ticket.tell(ticket.job().advance(decoding));
    return decoding.certain().size() - before;
  }

  /** Answers whether the text is finished. */
  boolean isFinished() {
    return decoding.wanted().isEmpty();
  }

  /** Answers the request. */
  void finish() {
    if (!hasReadPrompt()) {
      throw new InferenceException("a text must take at least one run; it took none");
    }
    Duration prefill = Duration.ofNanos(promptReadNanos - beganNanos);
    Duration decode = Duration.ofNanos(System.nanoTime() - promptReadNanos);
    ticket.tell(ticket.job().end());
    ticket.succeed(ticket.job().finish(decoding, prefill, decode));
  }

  /**
   * Gives its places back.
   *
   * @param sound whether what its first sequence remembers may be kept for others
   */
  void close(boolean sound) {
    if (sound && !latest.isEmpty()) {
      latest.getFirst().sequence.keepWhenClosed();
    }
    decoding.close();
  }
}
