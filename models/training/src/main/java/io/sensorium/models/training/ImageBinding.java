package io.sensorium.models.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.world.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Binds a new sense to the space {@code world} through pictures alone, as ImageBind does: the image
 * tower stays as it was published, and a tower over spectrograms learns to say of a scene what the
 * image tower says of a picture of it. Neither sentences nor labels take part.
 *
 * <p>Stopped at any moment, a training goes on from its last save to the same result. One thread at
 * a time.
 */
public final class ImageBinding {
  private static final int BATCH = 128;
  private static final double RATE = 1.5e-3;
  private static final double WEIGHT_DECAY = 0.05;
  private static final int PICTURED = 24_000;
  private static final long PICTURED_SEED = 0xA0D1_0101L;
  private static final long DATA_SEED = 17;
  private static final long SEED = 13;

  private final String modality;
  private final SensedScenes sensed;
  private final TowerShape shape;
  private final PublishedSpace space;
  private final Path work;
  private final Consumer<String> log;

  /**
   * @param modality the sense's name
   * @param sensed what it perceives
   * @param shape of its tower
   * @param checkpoints the folder that holds {@code world-image} and {@code world-text}
   * @param work where states and figures are kept
   * @param log receives a line now and then
   */
  public ImageBinding(
      String modality,
      SensedScenes sensed,
      TowerShape shape,
      Path checkpoints,
      Path work,
      Consumer<String> log) {
    TorchRuntime.useOneThread();
    this.modality = modality;
    this.sensed = sensed;
    this.shape = shape;
    this.space = new PublishedSpace(checkpoints);
    this.work = work;
    this.log = log;
  }

  /**
   * Trains the tower, on combinations that are not held out.
   *
   * @param pairs spectrograms to learn from, each a fresh one
   * @param resume whether to go on from an earlier training's last save
   */
  public void train(int pairs, boolean resume) {
    SceneSet pictured =
        SceneSet.draw(
            PICTURED,
            Split.TRAIN,
            TrainDefaults.TWO_KIND_SHARE,
            scene -> !Split.soundHeldOut(scene),
            PICTURED_SEED);
    float[] embeddings;
    try (TowerEncoder images = space.images()) {
      int side = ImageModel.SHAPE.rows();
      embeddings = pictured.encodeImages(images, side, side);
    }
    log.accept("%s: %d pictures are embedded".formatted(modality, pictured.size()));
    var batches = new BoundBatches(pictured, embeddings, sensed, shape, BATCH, DATA_SEED);
    var schedule = new Schedule(pairs, BATCH, RATE, WEIGHT_DECAY, SEED);
    new ResumableTraining(modality, state(), schedule, batches, log)
        .run(
            TowerScript.audioStep(shape, true),
            BoundModel.initialise(shape, SEED).parameters(),
            resume,
            Integer.MAX_VALUE);
  }

  /**
   * Measures the tower on what training held out, and keeps the figures.
   *
   * @param noise what {@link SensedScenes.Condition#NOISY} is called in the figures
   * @param commit noted in them
   * @return percentages by name
   */
  public Map<String, Double> evaluate(String noise, String commit) {
    var figures = new Figures();
    StateFile state = StateFile.read(state());
    figures.trained(modality, state.step(), BATCH);
    try (var sentences = new SentenceEncoder();
        TowerEncoder images = space.images();
        var tower = new TowerEncoder(shape, state.parameters())) {
      TextHead head = space.textHead();
      var evaluation =
          new BoundEvaluation(sentences, sensed, shape, BoundEvaluation.Terms.of(modality, noise));
      figures.put(modality, evaluation.evaluate(tower, images, ImageModel.SHAPE, head));
      figures.calibrated(modality, evaluation.calibrate(tower, head));
    }
    figures.write(figuresFile(), commit);
    return figures.percentages(modality);
  }

  /**
   * Writes the tower as a checkpoint of an {@code audio-spectrogram-transformer}, with its figures.
   *
   * @param target the checkpoint's folder, named as the package shall be
   * @param preprocessing how files become spectrograms: the content of {@code
   *     preprocessor_config.json}
   * @param card the model card, in which {@code {modality:figure}} stands for a percentage and
   *     {@code {pairs:modality}} for the number of pairs
   */
  public void export(Path target, ObjectNode preprocessing, String card) {
    Figures figures = Figures.read(figuresFile());
    var model = new BoundModel(StateFile.read(state()).parameters());
    var folder = new CheckpointFolder(target);
    CheckpointExport.spectrogramTower(folder, model, shape);
    folder.json("preprocessor_config.json", preprocessing);
    folder.json(
        "calibration.json",
        CheckpointExport.calibration(
            figures.temperatures(modality), List.copyOf(ClassPrompts.PLAIN_TEMPLATES)));
    folder.text("README.md", ModelCards.fill(card, figures));
    folder.json("metrics.json", figures.of(modality));
    log.accept("%s: the checkpoint is in %s".formatted(modality, target));
  }

  private Path state() {
    return work.resolve(modality + ".state");
  }

  private Path figuresFile() {
    return work.resolve("metrics.json");
  }
}
