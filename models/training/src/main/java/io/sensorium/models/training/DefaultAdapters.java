package io.sensorium.models.training;

import io.sensorium.models.training.adapters.AdapterCheckpoint;
import io.sensorium.models.training.adapters.AdapterExamination;
import io.sensorium.models.training.adapters.AdapterTraining;
import io.sensorium.models.training.adapters.CurvePicture;
import io.sensorium.models.training.adapters.FeatureTable;
import io.sensorium.models.training.adapters.FrozenDecoder;
import io.sensorium.models.training.adapters.LearningCurve;
import io.sensorium.models.training.adapters.Lesson;
import io.sensorium.models.training.adapters.ProjectionShape;
import io.sensorium.models.training.adapters.TrainingPlan;
import io.sensorium.models.training.adapters.Wording;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Medium.Sense;
import io.sensorium.models.world.talk.QuestionKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The recipe of the default adapters: rendered scenes of the training split, what the published
 * towers say of them, and talk about them before the published language model. One thread at a
 * time.
 */
final class DefaultAdapters {
  private static final int BATCH = 16;
  private static final int EXCHANGES = 6;
  private static final double WEIGHT_DECAY = 0.01;
  private static final int LOOK_STEPS = 400;
  private static final long SEED = 5;
  private static final long LESSON_SEED = 1_234_567;
  private static final long TRAIN_SEED = 0xADA9_0101L;
  private static final long HELD_SEED = 0xADA9_0001L;
  private static final long QUESTION_SEED = 99;
  private static final long EXAMINATION_SEED = 0xE7A1_0009L;
  private static final double TRAIN_TWO_KIND_SHARE = 0.4;
  private static final double HELD_TWO_KIND_SHARE = 0.3;
  private static final int LOG_STEPS = 50;

  private static final int WORD_BATCH = 64;
  private static final double WORD_RATE = 2e-3;
  private static final long WORD_SEED = 0x33;
  private static final int WORD_LOOK_STEPS = 400;
  private static final int HELD_WORDINGS = 400;

  /** Of words and of conversations those about two kinds. */
  private static final double WORD_TWO_KIND_SHARE = 0.6;

  private static final double LESSON_TWO_KIND_SHARE = 0.5;

  /** Held-out questions of a kind about scenes of one kind and of two while it trains. */
  private static final int LOOK_QUESTIONS = 40;

  /** The same when it is measured. */
  private static final int QUESTIONS = 300;

  private static final Set<QuestionKind> UNHEARD =
      EnumSet.of(QuestionKind.COLOUR, QuestionKind.POSITION, QuestionKind.BACKGROUND);

  private final Path checkpoints;
  private final Path work;
  private final String commit;
  private final Consumer<String> log;

  /** One of the two. */
  private enum Adapter {
    IMAGE(Sense.PICTURE, 12_000, 2_000, 2_000, 3_200, 1e-3, SceneWords.SEEN, 2),
    AUDIO(Sense.SOUND, 16_000, 1_500, 1_200, 2_000, 1e-3, SceneWords.HEARD, 1);

    private final Sense sense;
    private final int scenes;
    private final int held;

    /** Steps in which rows learn to say words before anybody reads them. */
    private final int wordSteps;

    private final int steps;
    private final double rate;
    private final int queries;

    /** Columns of patches that become one. */
    private final int poolColumns;

    Adapter(
        Sense sense,
        int scenes,
        int held,
        int wordSteps,
        int steps,
        double rate,
        int queries,
        int poolColumns) {
      this.sense = sense;
      this.scenes = scenes;
      this.held = held;
      this.wordSteps = wordSteps;
      this.steps = steps;
      this.rate = rate;
      this.queries = queries;
      this.poolColumns = poolColumns;
    }

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What its figures are called. */
    String figures() {
      return id() + "_adapter";
    }

    ProjectionShape shape(int width) {
      TowerShape tower = sense == Sense.PICTURE ? ImageModel.SHAPE : BoundModel.AUDIO;
      return new ProjectionShape(
          ProjectionShape.Kind.QUERY,
          ProjectionShape.Features.BOTH,
          tower.features(),
          true,
          // Of sounds all frequencies become one, so that what is left is when something sounds.
          new ProjectionShape.Pool(sense == Sense.PICTURE ? 2 : tower.patchRows(), poolColumns),
          0,
          128,
          width,
          queries,
          2,
          4);
    }
  }

  /**
   * @param checkpoints the folder that holds {@code world-image}, {@code world-audio} and {@code
   *     lm-default}; the adapters are written beside them
   * @param work where features and states are kept
   * @param log receives a line now and then
   */
  DefaultAdapters(Path checkpoints, Path work, String commit, Consumer<String> log) {
    this.checkpoints = checkpoints;
    this.work = work;
    this.commit = commit;
    this.log = log;
  }

  /** Trains, measures and writes both. */
  void run(boolean resume) {
    FrozenDecoder decoder = FrozenDecoder.read(checkpoints.resolve("lm-default"));
    Path tokenizer = checkpoints.resolve("lm-default").resolve("tokenizer.json");
    try (var tokens = new ConversationTokens(tokenizer)) {
      for (Adapter adapter : Adapter.values()) {
        run(adapter, decoder, tokens, resume);
      }
    }
  }

  private void run(
      Adapter adapter, FrozenDecoder decoder, ConversationTokens tokens, boolean resume) {
    SceneFeatures train =
        SceneFeatures.draw(
            adapter.sense, Split.TRAIN, TRAIN_TWO_KIND_SHARE, adapter.scenes, TRAIN_SEED);
    SceneFeatures held =
        SceneFeatures.draw(
            adapter.sense, Split.COMBO, HELD_TWO_KIND_SHARE, adapter.held, HELD_SEED);
    String name = adapter.sense.name().toLowerCase(Locale.ROOT);
    try (FeatureTable seen = train.table(checkpoints, work.resolve(name + ".features"), true, log);
        FeatureTable unseen =
            held.table(checkpoints, work.resolve(name + "-held.features"), false, log)) {
      var features = new TwoTables(seen, unseen);
      var lessons = new SceneLessons(tokens, adapter.sense, train.scenes());
      var questions = new HeldQuestions(adapter.sense, tokens, held, seen.size());
      ProjectionShape shape = adapter.shape(decoder.shape().hidden());
      Course course = new Course(adapter, shape, decoder, features, resume);
      AdapterTraining training = course.training(plan(adapter), adapter.id());
      ToIntFunction<RandomGenerator> choice = train.ofTwoKinds(LESSON_TWO_KIND_SHARE);
      List<Lesson> looks = new ArrayList<>();
      questions.draw(LOOK_QUESTIONS, QUESTION_SEED).values().forEach(looks::addAll);
      AdapterTraining.Result result =
          training.run(
              course.words(training.initial(), tokens, train, held),
              step -> lessons.batch(LESSON_SEED, step, BATCH, EXCHANGES, choice),
              looks,
              resume);
      try (var examination = new AdapterExamination(shape, decoder, result.best(), features)) {
        Figures figures = figures(adapter, result, examination, questions);
        String encoder = "world-" + adapter.id();
        Path folder = checkpoints.resolve(encoder + "-lm");
        new AdapterCheckpoint(adapter.id(), encoder, "world@1", "lm-default")
            .write(folder, shape, result.best(), decoder, unseen);
        ModelCards.write(folder, figures, adapter.figures());
        CurvePicture.write(
            work.resolve(adapter.id() + "-curve.png"), encoder + "-lm", result.curve());
        log.accept("the %s adapter is in %s".formatted(adapter.id(), folder));
      }
    }
  }

  /** Trainings of one adapter, one after the other. */
  private final class Course {
    private final Adapter adapter;
    private final ProjectionShape shape;
    private final FrozenDecoder decoder;
    private final TwoTables features;
    private final boolean resume;

    Course(
        Adapter adapter,
        ProjectionShape shape,
        FrozenDecoder decoder,
        TwoTables features,
        boolean resume) {
      this.adapter = adapter;
      this.shape = shape;
      this.decoder = decoder;
      this.features = features;
      this.resume = resume;
    }

    AdapterTraining training(TrainingPlan plan, String folder) {
      return new AdapterTraining(
          shape, decoder, features, plan, work.resolve(folder), told(adapter, plan.steps()));
    }

    /** Parameters whose rows say what is there. */
    List<Parameter> words(
        List<Parameter> initial,
        ConversationTokens tokens,
        SceneFeatures train,
        SceneFeatures held) {
      var said = new SceneWords(tokens, adapter.sense, train.scenes());
      var unseen = new SceneWords(tokens, adapter.sense, held.scenes());
      List<Wording> looks =
          IntStream.range(0, HELD_WORDINGS)
              .mapToObj(number -> unseen.of(number).withMedium(train.scenes().size() + number))
              .toList();
      ToIntFunction<RandomGenerator> choice = train.ofTwoKinds(WORD_TWO_KIND_SHARE);
      var plan =
          new TrainingPlan(
              adapter.wordSteps,
              WORD_BATCH,
              WORD_RATE,
              WEIGHT_DECAY,
              SEED,
              WORD_LOOK_STEPS,
              0,
              true);
      return training(plan, adapter.id() + "-words")
          .runWords(initial, step -> said.batch(WORD_SEED, step, WORD_BATCH, choice), looks, resume)
          .best();
    }
  }

  private static TrainingPlan plan(Adapter adapter) {
    return new TrainingPlan(
        adapter.steps, BATCH, adapter.rate, WEIGHT_DECAY, SEED, LOOK_STEPS, 0, true);
  }

  private AdapterTraining.Listener told(Adapter adapter, int steps) {
    return new AdapterTraining.Listener() {
      @Override
      public void stepped(int step, double loss, double lessonsPerSecond) {
        if (step % LOG_STEPS == 0) {
          log.accept(
              String.format(
                  Locale.ROOT,
                  "%s adapter: step %d of %d, loss %.3f, %.0f conversations/s",
                  adapter.id(),
                  step,
                  steps,
                  loss,
                  lessonsPerSecond));
        }
      }

      @Override
      public void looked(LearningCurve.Point point) {
        log.accept("%s adapter: %s".formatted(adapter.id(), point));
      }
    };
  }

  private Figures figures(
      Adapter adapter,
      AdapterTraining.Result result,
      AdapterExamination examination,
      HeldQuestions questions) {
    var percentages = new TreeMap<String, Double>();
    questions
        .draw(QUESTIONS, EXAMINATION_SEED)
        .forEach(
            (kind, asked) -> {
              List<Boolean> right = examination.right(asked);
              long hits = right.stream().filter(each -> each).count();
              percentages.put(kind, 100.0 * hits / right.size());
              log.accept(
                  String.format(
                      Locale.ROOT,
                      "%s adapter: %s %d of %d",
                      adapter.id(),
                      kind,
                      hits,
                      right.size()));
            });
    var figures = new Figures();
    LearningCurve.Point best = result.curve().best().orElseThrow();
    figures.trained(adapter.figures(), best.step(), BATCH);
    figures.loss(adapter.figures(), best.validationLoss());
    figures.put(adapter.figures(), percentages);
    figures.write(work.resolve(adapter.id() + "-metrics.json"), commit);
    return figures;
  }

  /** Questions about held-out scenes, by kind, apart for scenes of one kind and of two. */
  private record HeldQuestions(
      Sense sense, ConversationTokens tokens, SceneFeatures held, int firstMedium) {

    /** At most so many of each. */
    Map<String, List<Lesson>> draw(int most, long seed) {
      var asking = new SceneLessons(tokens, sense, held.scenes());
      var questions = new TreeMap<String, List<Lesson>>();
      for (QuestionKind kind : QuestionKind.values()) {
        if (sense == Sense.SOUND && UNHEARD.contains(kind)) {
          continue;
        }
        for (int scene = 0; scene < held.scenes().size(); scene++) {
          boolean two = held.scenes().get(scene).twoKinds();
          List<Lesson> list =
              questions.computeIfAbsent(
                  (two ? "two-kinds." : "one-kind.") + kind.id(), name -> new ArrayList<>());
          if (list.size() < (two ? most / 2 : most)) {
            asking
                .ask(scene, kind, Seeds.generator(seed + scene, kind.id().hashCode()))
                .map(lesson -> lesson.withMedia(firstMedium))
                .ifPresent(list::add);
          }
        }
        questions.values().removeIf(List::isEmpty);
      }
      return questions;
    }
  }
}
