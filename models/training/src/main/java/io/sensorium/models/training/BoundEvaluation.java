package io.sensorium.models.training;

import io.sensorium.models.training.SensedScenes.Condition;
import io.sensorium.models.world.Caption;
import io.sensorium.models.world.CaptionWriter;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Naming;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Measures a tower that was bound to images against images, and against sentences with which it
 * never trained. "known" are new perceptions of triples of thing, count and size that training met,
 * "unheard" those it never met. One thread at a time.
 */
final class BoundEvaluation {
  private static final long SEED = 0xE7A1_0101L;
  private static final long VALIDATION_SEED = 0xE7A1_1101L;
  private static final Naming PERCEPTIBLE = new Naming(1, 0, 1, 1, 0, 0, 0, 1);

  private final SentenceEncoder sentences;
  private final SensedScenes sensed;
  private final TowerShape shape;
  private final Terms terms;
  private final SceneSet known;
  private final SceneSet unheard;
  private final SceneSet gallery;
  private final SceneSet twoKinds;

  /**
   * What figures are called and which sentences are asked.
   *
   * @param modality what the tower perceives
   * @param noise what {@link Condition#NOISY} means
   * @param prompts attributes to recognise; {@code thing} and {@code count} also in noise
   */
  record Terms(String modality, String noise, List<ClassPrompts> prompts) {
    static final Terms AUDIO =
        new Terms(
            "audio",
            "0-10dB",
            List.of(
                ClassPrompts.thing(),
                ClassPrompts.thingSound(),
                ClassPrompts.thingLabel(ClassPrompts.AUDIO_TEMPLATES),
                ClassPrompts.count(),
                ClassPrompts.size()));

    /** Of a modality of which captions never speak. */
    static Terms of(String modality, String noise) {
      return new Terms(
          modality,
          noise,
          List.of(
              ClassPrompts.thing(),
              ClassPrompts.thingLabel(ClassPrompts.PLAIN_TEMPLATES),
              ClassPrompts.count(),
              ClassPrompts.size()));
    }

    Terms {
      prompts = List.copyOf(prompts);
    }
  }

  BoundEvaluation(SentenceEncoder sentences, SensedScenes sensed, TowerShape shape, Terms terms) {
    this.sentences = sentences;
    this.sensed = sensed;
    this.shape = shape;
    this.terms = terms;
    known = SceneSet.draw(1000, Split.COMBO, 0, scene -> !Split.soundHeldOut(scene), SEED);
    unheard = SceneSet.draw(600, Split.COMBO, 0, Split::soundHeldOut, SEED + 1);
    gallery = SceneSet.draw(1000, Split.COMBO, 0, scene -> true, SEED + 2);
    twoKinds = SceneSet.draw(1000, Split.COMBO, 1, scene -> !Split.soundHeldOut(scene), SEED + 3);
  }

  /** All figures, in percent, by name. */
  Map<String, Double> evaluate(
      TowerEncoder tower, TowerEncoder images, TowerShape imageShape, TextHead head) {
    var figures = new TreeMap<String, Double>();
    float[] pictures = gallery.encodeImages(images, imageShape.rows(), imageShape.rows());
    measure(figures, "known.", known, tower, pictures, head);
    measure(figures, "unheard.", unheard, tower, pictures, head);
    float[] both = encode(twoKinds, tower, Condition.CLEAR);
    float[] shown = twoKinds.encodeImages(images, imageShape.rows(), imageShape.rows());
    recalls(figures, "two-kinds." + toImage(), twoKinds, both, twoKinds, shown);
    return figures;
  }

  private String toImage() {
    return terms.modality() + "-to-image";
  }

  private void measure(
      Map<String, Double> figures,
      String prefix,
      SceneSet set,
      TowerEncoder tower,
      float[] pictures,
      TextHead head) {
    String fromText = prefix + "text-to-" + terms.modality();
    String inNoise = "-" + terms.noise();
    float[] clear = encode(set, tower, Condition.CLEAR);
    for (ClassPrompts prompts : terms.prompts()) {
      float[] classes = prompts.embed(sentences, head);
      figures.put(
          fromText + "." + prompts.name(), ImageEvaluation.accuracy(set, clear, classes, prompts));
      figures.put(
          fromText + "." + prompts.name() + ".precision@10",
          Ranking.precision(
              classes,
              clear,
              10,
              (i, j) -> prompts.classOf().applyAsInt(set.scenes().get(j)) == i));
    }
    float[] noisy = encode(set, tower, Condition.NOISY);
    for (ClassPrompts prompts : List.of(ClassPrompts.thing(), ClassPrompts.count())) {
      figures.put(
          fromText + inNoise + "." + prompts.name(),
          ImageEvaluation.accuracy(set, noisy, prompts.embed(sentences, head), prompts));
    }
    recalls(figures, prefix + toImage(), set, clear, gallery, pictures);
    recalls(figures, prefix + toImage() + inNoise, set, noisy, gallery, pictures);
    recallsOfSentences(figures, fromText, set, clear, head);
  }

  private static void recalls(
      Map<String, Double> figures,
      String name,
      SceneSet queries,
      float[] perceived,
      SceneSet shown,
      float[] images) {
    List<Set<String>> asked = perceptible(queries);
    List<Set<String>> seen = perceptible(shown);
    Ranking.Truth truth = (i, j) -> asked.get(i).equals(seen.get(j));
    figures.put(name + ".recall@1", Ranking.recall(perceived, images, 1, truth));
    figures.put(name + ".recall@10", Ranking.recall(perceived, images, 10, truth));
    Ranking.Truth back = (i, j) -> seen.get(i).equals(asked.get(j));
    figures.put(name + ".reverse-recall@1", Ranking.recall(images, perceived, 1, back));
  }

  /** Thing, count and size of each group: all that can be perceived without eyes. */
  private static List<Set<String>> perceptible(SceneSet set) {
    return set.scenes().stream().map(BoundEvaluation::perceptible).toList();
  }

  private static Set<String> perceptible(Scene scene) {
    return scene.groups().stream()
        .map((Group group) -> group.thing() + " " + group.count() + " " + group.size())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private void recallsOfSentences(
      Map<String, Double> figures, String name, SceneSet set, float[] perceived, TextHead head) {
    var writer = new CaptionWriter(PERCEPTIBLE);
    RandomGenerator random = Seeds.generator(set.seed());
    List<Caption> captions =
        set.scenes().stream().map(scene -> writer.write(scene, random)).toList();
    float[] queries = head.project(sentences.encode(captions.stream().map(Caption::text).toList()));
    Ranking.Truth truth = (i, j) -> captions.get(i).matches(set.scenes().get(j));
    figures.put(name + ".recall@1", Ranking.recall(queries, perceived, 1, truth));
    figures.put(name + ".recall@10", Ranking.recall(queries, perceived, 10, truth));
  }

  private float[] encode(SceneSet set, TowerEncoder tower, Condition condition) {
    var rows = new float[set.size() * TextHead.WIDTH];
    int values = shape.values();
    int chunk = 50;
    for (int at = 0; at < set.size(); at += chunk) {
      int count = Math.min(chunk, set.size() - at);
      var spectrograms = new float[count * values];
      for (int i = 0; i < count; i++) {
        RandomGenerator random = Seeds.generator(set.seed(), at + i);
        sensed.write(set.scenes().get(at + i), condition, random, spectrograms, i * values);
      }
      float[] part = tower.encode(spectrograms, count);
      System.arraycopy(part, 0, rows, at * TextHead.WIDTH, part.length);
    }
    return rows;
  }

  /** The factor on cosines for calibrated probabilities, by attribute. */
  Map<String, Double> calibrate(TowerEncoder tower, TextHead head) {
    SceneSet validation = SceneSet.draw(1000, Split.COMBO, 0, scene -> true, VALIDATION_SEED);
    float[] perceived = encode(validation, tower, Condition.ANY);
    var factors = new TreeMap<String, Double>();
    for (ClassPrompts prompts : terms.prompts()) {
      float[] classes = prompts.embed(sentences, head);
      factors.put(
          prompts.name(),
          Calibration.fit(perceived, classes, ImageEvaluation.truth(validation, prompts)));
    }
    return factors;
  }
}
