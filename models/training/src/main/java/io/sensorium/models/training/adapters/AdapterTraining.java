package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.StateFile;
import io.sensorium.models.training.adapters.LearningCurve.Point;
import io.sensorium.models.world.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Trains an adapter before a frozen language model, looking now and then at what is held out, and
 * keeps the best. Stopped at any moment it goes on from the last look to the same result, bit by
 * bit. One thread at a time.
 */
public final class AdapterTraining {
  private static final int EXAMINED_AT_ONCE = 32;

  private final ProjectionShape shape;
  private final FrozenDecoder decoder;
  private final FeatureSource features;
  private final TrainingPlan plan;
  private final Path folder;
  private final Listener listener;

  /**
   * Gives what a step learns from, which depends on the step's number alone.
   *
   * @param <L> what is learnt from
   */
  @FunctionalInterface
  public interface Lessons<L> {
    /** At least one lesson for a step numbered from 0. */
    List<L> of(int step);
  }

  /** Is told how it goes, by the training's thread. */
  public interface Listener {
    /** After every step. */
    void stepped(int step, double loss, double lessonsPerSecond);

    /** After every look at what is held out. */
    void looked(Point point);
  }

  /**
   * What a training led to.
   *
   * @param best the parameters with the lowest validation loss
   * @param steps taken in all
   */
  public record Result(List<Parameter> best, LearningCurve curve, int steps) {}

  /**
   * @param folder where the state is kept; made where it is missing
   */
  public AdapterTraining(
      ProjectionShape shape,
      FrozenDecoder decoder,
      FeatureSource features,
      TrainingPlan plan,
      Path folder,
      Listener listener) {
    if (shape.outputWidth() != decoder.shape().hidden()) {
      throw new IllegalArgumentException(
          "rows must be %d wide, as the language model is; got %d"
              .formatted(decoder.shape().hidden(), shape.outputWidth()));
    }
    this.shape = shape;
    this.decoder = decoder;
    this.features = features;
    this.plan = plan;
    this.folder = folder;
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /** Fresh parameters. */
  public List<Parameter> initial() {
    return AdapterNetwork.of(shape, decoder).initialise(Seeds.generator(plan.seed()));
  }

  /**
   * Trains until the plan's end, or until nothing is gained any more.
   *
   * @param initial what to begin with
   * @param held what is never learnt from; at least one lesson
   * @param resume whether to go on from the folder's state where there is one
   */
  public Result run(
      List<Parameter> initial, Lessons<Lesson> lessons, List<Lesson> held, boolean resume) {
    try (var module = new AdapterModule(shape, decoder, initial, features, plan.bfloat16())) {
      return run(module, initial, lessons, held, resume);
    }
  }

  /**
   * As {@link #run}, from words that rows should say. It is a cheap beginning: the language model
   * is not asked, and every row is told what it should be.
   */
  public Result runWords(
      List<Parameter> initial, Lessons<Wording> words, List<Wording> held, boolean resume) {
    try (var module = new WordModule(shape, decoder, initial, features, plan.bfloat16())) {
      return run(module, initial, words, held, resume);
    }
  }

  private <L> Result run(
      AdapterCourse<L> course,
      List<Parameter> initial,
      Lessons<L> lessons,
      List<L> held,
      boolean resume) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("no folder could be made at " + folder, e);
    }
    var curve = new LearningCurve(List.of());
    if (resume && Files.exists(state())) {
      StateFile saved = StateFile.read(state());
      requireOwn(saved, initial);
      course.state().restore(saved.tensors(), saved.step());
      curve = LearningCurve.read(curveFile()).until(saved.step());
    }
    curve = train(course, curve, lessons, held);
    return new Result(StateFile.read(best()).parameters(), curve, course.state().step());
  }

  private void requireOwn(StateFile saved, List<Parameter> initial) {
    if (saved.isOf(initial)) {
      return;
    }
    String found = kind(saved.parameters());
    String wanted = kind(initial);
    String difference =
        found.equals(wanted)
            ? "the kind %s for an encoder or a language model of other sizes".formatted(found)
            : "the kind %s; %s was asked for".formatted(found, shape.kind().id());
    throw new IllegalArgumentException(
        "the state in %s is of an adapter of %s (begin anew, or in another folder)"
            .formatted(folder, difference));
  }

  /** What parameters of these names belong to. */
  private static String kind(List<Parameter> parameters) {
    List<String> names = parameters.stream().map(Parameter::name).toList();
    if (names.contains("prefix_query.weight")) {
      return "zero_gated";
    }
    if (names.contains("query_tokens")) {
      return "query";
    }
    if (names.stream().anyMatch(name -> name.endsWith("linear_1.weight"))) {
      return "mlp";
    }
    return names.contains("linear.weight") ? "linear" : "linear or one_token";
  }

  private <L> LearningCurve train(
      AdapterCourse<L> course, LearningCurve begun, Lessons<L> lessons, List<L> held) {
    LearningCurve curve = begun;
    double loss = 0;
    int since = course.state().step();
    int count = 0;
    long began = System.nanoTime();
    while (!ended(curve, course.state().step())) {
      List<L> chosen = lessons.of(course.state().step());
      float[] figures = course.step(chosen, plan.schedule());
      int step = course.state().step();
      requireFinite(figures, step);
      loss += figures[0];
      count += chosen.size();
      listener.stepped(step, figures[0], count * 1e9 / (System.nanoTime() - began));
      if (step % plan.validationSteps() == 0 || step == plan.steps()) {
        curve = look(course, curve, loss / (step - since), held);
        since = step;
        loss = 0;
      }
    }
    return curve;
  }

  private boolean ended(LearningCurve curve, int step) {
    boolean patient = plan.patience() == 0 || curve.looksSinceBest() < plan.patience();
    return step >= plan.steps() || !patient;
  }

  private <L> LearningCurve look(
      AdapterCourse<L> course, LearningCurve before, double trainingLoss, List<L> held) {
    double logProbability = 0;
    long tokens = 0;
    long right = 0;
    long answers = 0;
    for (int from = 0; from < held.size(); from += EXAMINED_AT_ONCE) {
      int to = Math.min(held.size(), from + EXAMINED_AT_ONCE);
      AdapterCourse.Examined examined = course.examine(held.subList(from, to));
      logProbability += examined.logProbability();
      tokens += examined.tokens();
      right += examined.right().stream().filter(each -> each).count();
      answers += examined.right().size();
    }
    int step = course.state().step();
    double match = right / (double) answers;
    LearningCurve curve =
        before.with(new Point(step, trainingLoss, -logProbability / tokens, match));
    List<Parameter> everything = course.state().everything();
    if (curve.looksSinceBest() == 0) {
      new StateFile(step, everything).write(best());
    }
    curve.write(curveFile());
    new StateFile(step, everything).write(state());
    listener.looked(curve.points().getLast());
    return curve;
  }

  private static void requireFinite(float[] figures, int step) {
    for (float figure : figures) {
      if (!Float.isFinite(figure)) {
        throw new IllegalStateException(
            "losses must be finite; step %d gave %s".formatted(step, figure));
      }
    }
  }

  private Path state() {
    return folder.resolve("adapter.state");
  }

  private Path best() {
    return folder.resolve("adapter.best");
  }

  private Path curveFile() {
    return folder.resolve("curve.json");
  }
}
