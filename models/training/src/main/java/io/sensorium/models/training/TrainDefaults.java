package io.sensorium.models.training;

import io.sensorium.models.world.Split;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Trains, measures and writes the default models.
 *
 * <pre>
 * train-defaults image     trains the image tower and the text head
 * train-defaults audio     trains the audio tower against the image tower
 * train-defaults language  trains the language model on talk about scenes and sounds
 * train-defaults evaluate  measures all on scenes and sounds that training held out
 * train-defaults export    writes the checkpoints, their cards and their figures
 * train-defaults adapters  trains, measures and writes the adapters between the written towers and
 *                          the written language model
 * train-defaults all       all of it, in this order
 *
 * --work DIR       where states and figures are kept    (default models/training/target/defaults)
 * --to DIR         where export writes            (default models/defaults/src/main/checkpoints)
 * --resume         go on from the states in DIR
 * --pairs N        train on N pairs instead of the recipe's number
 * --commit ID      noted in the figures
 * </pre>
 *
 * One thread; equal seeds give equal models on equal processors.
 */
public final class TrainDefaults {
  /** The share of scenes that hold two kinds. */
  static final double TWO_KIND_SHARE = 0.3;

  static final int IMAGE_PAIRS = 660_000;
  static final int AUDIO_PAIRS = 460_000;
  static final int LANGUAGE_ROWS = 320_000;

  private static final int CAPTIONS = 120_000;
  private static final long CAPTION_SEED = 11;
  private static final long IMAGE_DATA_SEED = 7;
  private static final long IMAGE_SEED = 3;
  private static final int PICTURED = 24_000;
  private static final long PICTURED_SEED = 0xA0D1_0101L;
  private static final long AUDIO_DATA_SEED = 17;
  private static final long AUDIO_SEED = 13;
  private static final long LANGUAGE_SEED = 0x1A46_0003L;
  private static final int LANGUAGE_BATCH = 16;
  private static final int LANGUAGE_QUESTIONS = 300;
  private static final double LANGUAGE_RATE = 2e-3;
  private static final int BATCH = 128;
  private static final double RATE = 1.5e-3;
  private static final double WEIGHT_DECAY = 0.05;

  private final TrainingOptions options;
  private final PrintStream out;

  private TrainDefaults(TrainingOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Runs one command; see the class comment. */
  public static void main(String[] arguments) {
    TrainingOptions options;
    try {
      options = TrainingOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("train-defaults: " + e.getMessage());
      System.exit(2);
      return;
    }
    TorchRuntime.useOneThread();
    var defaults = new TrainDefaults(options, System.out);
    switch (options.command()) {
      case IMAGE -> defaults.trainImage();
      case AUDIO -> defaults.trainAudio();
      case LANGUAGE -> defaults.trainLanguage();
      case EVALUATE -> defaults.evaluate();
      case EXPORT -> defaults.export();
      case ADAPTERS -> defaults.trainAdapters();
      case ALL -> {
        defaults.trainImage();
        defaults.trainAudio();
        defaults.trainLanguage();
        defaults.evaluate();
        defaults.export();
        defaults.trainAdapters();
      }
    }
  }

  private void log(String line) {
    out.println(Instant.now().toString().substring(11, 19) + " " + line);
  }

  private void trainImage() {
    Instant began = Instant.now();
    TowerShape shape = ImageModel.SHAPE;
    CaptionPool captions =
        CaptionPool.create(CAPTIONS, TWO_KIND_SHARE, CAPTION_SEED, work("captions.bin"));
    log("image: %d captions are embedded".formatted(captions.size()));
    var batches = new ImageBatches(captions, TWO_KIND_SHARE, shape.rows(), BATCH, IMAGE_DATA_SEED);
    int pairs = options.pairs().orElse(IMAGE_PAIRS);
    var schedule = new Schedule(pairs, BATCH, RATE, WEIGHT_DECAY, IMAGE_SEED);
    new ResumableTraining("image", imageState(), schedule, batches, this::log)
        .run(
            TowerScript.imageStep(shape, Attributes.bounds(), true),
            ImageModel.initialise(shape, IMAGE_SEED).parameters(),
            options.resume(),
            Integer.MAX_VALUE);
    log("image: trained in " + Duration.between(began, Instant.now()));
  }

  private void trainAudio() {
    Instant began = Instant.now();
    TowerShape shape = BoundModel.AUDIO;
    SceneSet pictured =
        SceneSet.draw(
            PICTURED,
            Split.TRAIN,
            TWO_KIND_SHARE,
            scene -> !Split.soundHeldOut(scene),
            PICTURED_SEED);
    float[] embeddings;
    try (var images = new TowerEncoder(ImageModel.SHAPE, imageModel().parameters())) {
      int side = ImageModel.SHAPE.rows();
      embeddings = pictured.encodeImages(images, side, side);
    }
    log("audio: %d pictures are embedded".formatted(pictured.size()));
    var clips = new SceneClips(shape, SceneClips.measure(shape));
    var batches = new BoundBatches(pictured, embeddings, clips, shape, BATCH, AUDIO_DATA_SEED);
    int pairs = options.pairs().orElse(AUDIO_PAIRS);
    var schedule = new Schedule(pairs, BATCH, RATE, WEIGHT_DECAY, AUDIO_SEED);
    new ResumableTraining("audio", audioState(), schedule, batches, this::log)
        .run(
            TowerScript.audioStep(shape, true),
            BoundModel.initialise(shape, AUDIO_SEED).parameters(),
            options.resume(),
            Integer.MAX_VALUE);
    log("audio: trained in " + Duration.between(began, Instant.now()));
  }

  private void trainLanguage() {
    Instant began = Instant.now();
    LanguageTokenizer vocabulary = vocabulary();
    log("language: %d tokens are learnt".formatted(vocabulary.size()));
    int rows = options.pairs().orElse(LANGUAGE_ROWS);
    var schedule = new Schedule(rows, LANGUAGE_BATCH, LANGUAGE_RATE, WEIGHT_DECAY, LANGUAGE_SEED);
    try (var tokens = new ConversationTokens(vocabulary)) {
      new LanguageTraining("language", LanguageTraining.LLAMA, tokens, this::log)
          .run(languageState(), schedule, options.resume());
    }
    log("language: trained in " + Duration.between(began, Instant.now()));
  }

  private void trainAdapters() {
    Instant began = Instant.now();
    new DefaultAdapters(options.target(), options.work(), options.commit(), this::log)
        .run(options.resume());
    log("adapters: done in " + Duration.between(began, Instant.now()));
  }

  private void evaluate() {
    var figures = new Figures();
    if (Files.exists(languageState())) {
      evaluateLanguage(figures);
    }
    if (Files.exists(imageState()) || !Files.exists(languageState())) {
      evaluateTowers(figures);
    }
    figures.write(work("metrics.json"), options.commit());
    log("figures are in " + work("metrics.json"));
    figures.print(out);
  }

  private void evaluateLanguage(Figures figures) {
    StateFile state = StateFile.read(languageState());
    figures.trained("language", state.step(), LANGUAGE_BATCH);
    try (var tokens = new ConversationTokens(vocabulary())) {
      var evaluation = new LanguageEvaluation(LanguageTraining.LLAMA, tokens);
      LanguageEvaluation.Result result =
          evaluation.evaluate(state.parameters(), LANGUAGE_QUESTIONS);
      figures.put("language", result.percentages());
      figures.loss("language", result.loss());
    }
  }

  private void evaluateTowers(Figures figures) {
    StateFile imageState = StateFile.read(imageState());
    var image = new ImageModel(imageState.parameters());
    TowerShape shape = ImageModel.SHAPE;
    TextHead head = image.textHead(shape);
    figures.trained("image", imageState.step(), BATCH);
    try (var sentences = new SentenceEncoder();
        var tower = new TowerEncoder(shape, image.parameters())) {
      var evaluation = new ImageEvaluation(sentences, shape, 1);
      figures.put("image", evaluation.evaluate(tower, head));
      figures.calibrated("image", evaluation.calibrate(tower, head));
      if (Files.exists(audioState())) {
        evaluateAudio(figures, sentences, tower, head);
      }
    }
  }

  private void evaluateAudio(
      Figures figures, SentenceEncoder sentences, TowerEncoder images, TextHead head) {
    StateFile state = StateFile.read(audioState());
    TowerShape shape = BoundModel.AUDIO;
    var clips = new SceneClips(shape, SceneClips.measure(shape));
    figures.trained("audio", state.step(), BATCH);
    try (var tower = new TowerEncoder(shape, state.parameters())) {
      var evaluation = new BoundEvaluation(sentences, clips, shape, BoundEvaluation.Terms.AUDIO);
      figures.put("audio", evaluation.evaluate(tower, images, ImageModel.SHAPE, head));
      figures.calibrated("audio", evaluation.calibrate(tower, head));
    }
  }

  private void export() {
    Figures figures = Figures.read(work("metrics.json"));
    Path target = options.target();
    if (Files.exists(languageState())) {
      Path folder = target.resolve("lm-default");
      List<Parameter> weights = StateFile.read(languageState()).parameters();
      LanguageExport.write(folder, LanguageTraining.LLAMA, vocabulary(), weights);
      ModelCards.language(folder, figures);
      log("the language model is in " + folder);
    }
    if (Files.exists(imageState()) || !Files.exists(languageState())) {
      exportTowers(figures, target);
    }
  }

  private void exportTowers(Figures figures, Path target) {
    CheckpointExport.image(target, imageModel(), ImageModel.SHAPE, figures.temperatures("image"));
    if (Files.exists(audioState())) {
      TowerShape shape = BoundModel.AUDIO;
      CheckpointExport.audio(
          target,
          new BoundModel(StateFile.read(audioState()).parameters()),
          shape,
          SceneClips.measure(shape),
          figures.temperatures("audio"));
    }
    ModelCards.write(target, figures);
    log("checkpoints are in " + target);
  }

  private ImageModel imageModel() {
    return new ImageModel(StateFile.read(imageState()).parameters());
  }

  private LanguageTokenizer vocabulary() {
    return LanguageTokenizer.keptIn(work("language.merges"), LanguageTraining.VOCABULARY);
  }

  private Path languageState() {
    return work("language.state");
  }

  private Path imageState() {
    return work("image.state");
  }

  private Path audioState() {
    return work("audio.state");
  }

  private Path work(String file) {
    return options.work().resolve(file);
  }
}
