package io.sensorium.language.scheduling;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.SequenceAdditions;
import io.sensorium.language.scheduling.StepPlan.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that have places in an open model, and their steps. One thread.
 *
 * <p>A run that fails has changed no sequence, so that each of its pieces is run again alone, and
 * the one that fails then costs its own request alone.
 */
final class ModelTurns implements AutoCloseable {
  /** Nobody's deadline ends a run that others share. */
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private final LanguageModel model;
  private final int places;
  private final SequencePool pool;
  private final AdapterShelf shelf;
  private final StepPlan plan;
  private final List<Course> courses = new ArrayList<>();
  private final Tally tally;
  private int taken;

  /**
   * @param model borrowed
   * @param places sequences that it was opened for
   */
  ModelTurns(LanguageModel model, int places, SchedulerSettings settings, Tally tally) {
    this.tally = tally;
    this.model = model;
    this.places = places;
    this.pool = new SequencePool(model, places, settings.keepsPrefixes());
    this.shelf = new AdapterShelf(model, pool);
    this.plan = new StepPlan(settings.prefillTokens());
  }

  /** Who has places now. */
  List<Ticket> tickets() {
    return courses.stream().map(Course::ticket).toList();
  }

  SchedulerFigures figures() {
    return new SchedulerFigures(
        places,
        taken,
        pool.kept(),
        courses.size(),
        courses.stream().mapToLong(Course::promptLeft).sum());
  }

  /** Sequences that the model was opened for. */
  int places() {
    return places;
  }

  /** Answers whether a request can begin, if only to be told that it never can. */
  boolean hasRoomFor(Job job) {
    return job.sequences() > places || taken + job.sequences() <= places;
  }

  /** Gives a request its places. */
  void begin(Ticket ticket) {
    try {
      int wanted = ticket.job().sequences();
      if (wanted > places) {
        throw new IllegalArgumentException(
            "%s is open for %d sequences at once; the request needs %d"
                .formatted(model.model(), places, wanted));
      }
      TrackedSequence sequence = new TrackedSequence(pool, additions(ticket));
      Course course = new Course(ticket, ticket.job().begin(model, sequence));
      courses.add(course);
      taken += wanted;
      guarded(course, () -> tally.remembered(course.ask()));
    } catch (Throwable failure) {
      tally.request();
      ticket.fail(failure);
    }
  }

  private SequenceAdditions additions(Ticket ticket) {
    return new SequenceAdditions(
        ticket.job().adapter().map(source -> shelf.require(source, ticket.context())),
        ticket.job().layerAdditions());
  }

  /** Answers whether there is something to put away, whoever waits. */
  boolean hasLeaving() {
    return shelf.hasLeaving();
  }

  /** Lets everybody go on by what a run allows, and those go who have finished. */
  void step() {
    for (Course course : List.copyOf(courses)) {
      course.ticket().failIfOver();
      if (course.ticket().isSettled()) {
        leave(course, true);
      }
    }
    List<Piece> pieces = plan.next(courses);
    if (!pieces.isEmpty()) {
      runTogether(pieces);
    }
    List.copyOf(courses).forEach(course -> guarded(course, () -> goOn(course)));
    shelf.sweep();
  }

  private void goOn(Course course) {
    tally.answerTokens(course.goOn());
    if (course.unfinished().isEmpty()) {
      if (course.isFinished()) {
        course.finish();
        leave(course, true);
      } else {
        tally.remembered(course.ask());
      }
    }
  }

  private void runTogether(List<Piece> pieces) {
    Course first = pieces.getFirst().growth().course();
    boolean alone = pieces.stream().allMatch(piece -> piece.growth().course() == first);
    try {
      run(pieces, alone ? first.ticket().context() : RequestContext.within(LONGEST_RUN));
    } catch (Throwable failure) {
      if (alone) {
        fail(first, failure);
      } else {
        pieces.forEach(this::runAlone);
      }
    }
  }

  private void runAlone(Piece piece) {
    Course course = piece.growth().course();
    if (courses.contains(course)) {
      guarded(course, () -> run(List.of(piece), course.ticket().context()));
    }
  }

  private void run(List<Piece> pieces, RequestContext context) {
    List<Extension> extensions =
        pieces.stream().map(piece -> piece.growth().next(piece.tokens())).toList();
    List<Prediction> predictions = model.extend(extensions, context);
    tally.run();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      piece.growth().ran(extensions.get(i), predictions.get(i));
      if (!piece.growth().course().hasReadPrompt()) {
        tally.promptTokens(piece.tokens());
      }
    }
  }

  private void guarded(Course course, Runnable work) {
    try {
      work.run();
    } catch (Throwable failure) {
      fail(course, failure);
    }
  }

  private void fail(Course course, Throwable failure) {
    course.ticket().fail(failure);
    leave(course, false);
  }

  /**
   * @param sound whether what it remembers may be kept for others
   */
  private void leave(Course course, boolean sound) {
    courses.remove(course);
    taken -= course.ticket().job().sequences();
    tally.request();
    try {
      course.close(sound);
    } catch (RuntimeException failure) {
      course.ticket().fail(failure);
    }
  }

  @Override
  public void close() {
    List.copyOf(courses).forEach(course -> leave(course, false));
    shelf.close();
  }
}
