package io.sensorium.models.training;

import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Split;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Measures the image tower and the text head on scenes that training never showed. One thread at a
 * time.
 */
final class ImageEvaluation {
  private static final long SEED = 0xE7A1_0001L;
  private static final long VALIDATION_SEED = 0xE7A1_1001L;

  private final SentenceEncoder sentences;
  private final TowerShape shape;
  private final SceneSet single;
  private final SceneSet pairs;
  private final SceneSet gallery;
  private final SceneSet twoKinds;

  /**
   * @param scale 1 for the reported figures, smaller for quicker interim ones
   */
  ImageEvaluation(SentenceEncoder sentences, TowerShape shape, double scale) {
    this.sentences = sentences;
    this.shape = shape;
    Predicate<Scene> any = scene -> true;
    single = SceneSet.draw((int) (2000 * scale), Split.COMBO, 0, any, SEED);
    pairs = SceneSet.draw((int) (1500 * scale), Split.PAIR, 0, any, SEED + 1);
    gallery = SceneSet.draw(1000, Split.COMBO, 0, any, SEED + 2);
    twoKinds = SceneSet.draw(1000, Split.COMBO, 1, any, SEED + 3);
  }

  /** All figures, in percent, by name. */
  Map<String, Double> evaluate(TowerEncoder tower, TextHead head) {
    var figures = new TreeMap<String, Double>();
    float[] drawn = single.encodeImages(tower, shape.rows(), shape.rows());
    float[] filed = single.encodeImages(tower, shape.rows(), ImageBatches.FILE_SIDE);
    float[] unseen = pairs.encodeImages(tower, shape.rows(), shape.rows());
    for (ClassPrompts prompts : ClassPrompts.ofImages()) {
      float[] classes = prompts.embed(sentences, head);
      figures.put("combo." + prompts.name(), accuracy(single, drawn, classes, prompts));
      figures.put("combo-files." + prompts.name(), accuracy(single, filed, classes, prompts));
      figures.put("pair." + prompts.name(), accuracy(pairs, unseen, classes, prompts));
      if (prompts.name().equals("thing")) {
        Predicate<Scene> colour = scene -> Split.untrainedColour(scene.first());
        figures.put("pair-thing-colour.thing", accuracy(pairs, unseen, classes, prompts, colour));
      } else if (prompts.name().equals("count")) {
        Predicate<Scene> count = scene -> Split.untrainedCount(scene.first());
        figures.put("pair-thing-count.count", accuracy(pairs, unseen, classes, prompts, count));
      }
    }
    retrieval(figures, "text-to-image", gallery, tower, head);
    retrieval(figures, "text-to-image-two-kinds", twoKinds, tower, head);
    return figures;
  }

  private void retrieval(
      Map<String, Double> figures, String name, SceneSet set, TowerEncoder tower, TextHead head) {
    float[] images = set.encodeImages(tower, shape.rows(), shape.rows());
    float[] queries = head.project(sentences.encode(set.sentences()));
    Ranking.Truth truth = (i, j) -> set.captions().get(i).matches(set.scenes().get(j));
    figures.put(name + ".recall@1", Ranking.recall(queries, images, 1, truth));
    figures.put(name + ".recall@10", Ranking.recall(queries, images, 10, truth));
    Ranking.Truth back = (i, j) -> set.captions().get(j).matches(set.scenes().get(i));
    figures.put(name + ".reverse-recall@1", Ranking.recall(images, queries, 1, back));
  }

  /** Percent of a set's rows whose nearest class is theirs. */
  static double accuracy(SceneSet set, float[] rows, float[] classes, ClassPrompts prompts) {
    return accuracy(set, rows, classes, prompts, scene -> true);
  }

  private static double accuracy(
      SceneSet set, float[] rows, float[] classes, ClassPrompts prompts, Predicate<Scene> wanted) {
    int asked = 0;
    int right = 0;
    for (int i = 0; i < set.size(); i++) {
      Scene scene = set.scenes().get(i);
      if (wanted.test(scene)) {
        asked++;
        right += Ranking.nearest(rows, i, classes) == prompts.classOf().applyAsInt(scene) ? 1 : 0;
      }
    }
    return 100.0 * right / Math.max(1, asked);
  }

  /** The factor on cosines for calibrated probabilities, by attribute. */
  Map<String, Double> calibrate(TowerEncoder tower, TextHead head) {
    // Half at each size, from combinations that the reported figures do not use.
    SceneSet validation = SceneSet.draw(1000, Split.COMBO, 0, scene -> true, VALIDATION_SEED);
    float[] images = validation.encodeImages(tower, shape.rows(), ImageBatches.FILE_SIDE);
    var factors = new TreeMap<String, Double>();
    for (ClassPrompts prompts : ClassPrompts.ofImages()) {
      float[] classes = prompts.embed(sentences, head);
      factors.put(prompts.name(), Calibration.fit(images, classes, truth(validation, prompts)));
    }
    return factors;
  }

  static int[] truth(SceneSet set, ClassPrompts prompts) {
    List<Scene> scenes = set.scenes();
    return scenes.stream().mapToInt(prompts.classOf()).toArray();
  }
}
