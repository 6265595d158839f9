package io.sensorium.models.training;

import io.sensorium.models.world.Acoustics;
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
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Measures the audio tower against images, and against sentences with which it never trained.
 * "known" are new clips of triples of thing, count and size that training heard, "unheard" those it
 * never heard. One thread at a time.
 */
final class AudioEvaluation {
  private static final long SEED = 0xE7A1_0101L;
  private static final long VALIDATION_SEED = 0xE7A1_1101L;
  private static final Naming AUDIBLE = new Naming(1, 0, 1, 1, 0, 0, 0, 1);

  private final SentenceEncoder sentences;
  private final SceneClips clips;
  private final SceneSet known;
  private final SceneSet unheard;
  private final SceneSet gallery;
  private final SceneSet twoKinds;

  AudioEvaluation(SentenceEncoder sentences, SceneClips clips) {
    this.sentences = sentences;
    this.clips = clips;
    known = SceneSet.draw(1000, Split.COMBO, 0, scene -> !Split.soundHeldOut(scene), SEED);
    unheard = SceneSet.draw(600, Split.COMBO, 0, Split::soundHeldOut, SEED + 1);
    gallery = SceneSet.draw(1000, Split.COMBO, 0, scene -> true, SEED + 2);
    twoKinds = SceneSet.draw(1000, Split.COMBO, 1, scene -> !Split.soundHeldOut(scene), SEED + 3);
  }

  /** All figures, in percent, by name. */
  Map<String, Double> evaluate(
      TowerEncoder audio, TowerEncoder images, TowerShape imageShape, TextHead head) {
    var figures = new TreeMap<String, Double>();
    float[] pictures = gallery.encodeImages(images, imageShape.rows(), imageShape.rows());
    measure(figures, "known.", known, audio, pictures, head);
    measure(figures, "unheard.", unheard, audio, pictures, head);
    float[] both = encode(twoKinds, audio, random -> Acoustics.CLEAR);
    float[] shown = twoKinds.encodeImages(images, imageShape.rows(), imageShape.rows());
    recalls(figures, "two-kinds.audio-to-image", twoKinds, both, twoKinds, shown);
    return figures;
  }

  private void measure(
      Map<String, Double> figures,
      String prefix,
      SceneSet set,
      TowerEncoder audio,
      float[] pictures,
      TextHead head) {
    float[] clear = encode(set, audio, random -> Acoustics.CLEAR);
    for (ClassPrompts prompts : ofSounds()) {
      float[] classes = prompts.embed(sentences, head);
      figures.put(
          prefix + "text-to-audio." + prompts.name(),
          ImageEvaluation.accuracy(set, clear, classes, prompts));
    }
    float[] noisy = encode(set, audio, random -> Acoustics.noisy(random.nextDouble(0, 10)));
    figures.put(
        prefix + "text-to-audio-0-10dB.thing",
        ImageEvaluation.accuracy(
            set, noisy, ClassPrompts.thing().embed(sentences, head), ClassPrompts.thing()));
    figures.put(
        prefix + "text-to-audio-0-10dB.count",
        ImageEvaluation.accuracy(
            set, noisy, ClassPrompts.count().embed(sentences, head), ClassPrompts.count()));
    recalls(figures, prefix + "audio-to-image", set, clear, gallery, pictures);
    recalls(figures, prefix + "audio-to-image-0-10dB", set, noisy, gallery, pictures);
    recallsOfSentences(figures, prefix + "text-to-audio", set, clear, head);
  }

  private static List<ClassPrompts> ofSounds() {
    return List.of(
        ClassPrompts.thing(),
        ClassPrompts.thingSound(),
        ClassPrompts.thingLabel(ClassPrompts.AUDIO_TEMPLATES),
        ClassPrompts.count(),
        ClassPrompts.size());
  }

  private static void recalls(
      Map<String, Double> figures,
      String name,
      SceneSet queries,
      float[] clips,
      SceneSet shown,
      float[] images) {
    List<Set<String>> heard = sounds(queries);
    List<Set<String>> seen = sounds(shown);
    Ranking.Truth truth = (i, j) -> heard.get(i).equals(seen.get(j));
    figures.put(name + ".recall@1", Ranking.recall(clips, images, 1, truth));
    figures.put(name + ".recall@10", Ranking.recall(clips, images, 10, truth));
    Ranking.Truth back = (i, j) -> seen.get(i).equals(heard.get(j));
    figures.put(name + ".reverse-recall@1", Ranking.recall(images, clips, 1, back));
  }

  /** Thing, count and size of each group: all that can be heard. */
  private static List<Set<String>> sounds(SceneSet set) {
    return set.scenes().stream().map(AudioEvaluation::sounds).toList();
  }

  private static Set<String> sounds(Scene scene) {
    return scene.groups().stream()
        .map((Group group) -> group.thing() + " " + group.count() + " " + group.size())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private void recallsOfSentences(
      Map<String, Double> figures, String name, SceneSet set, float[] clips, TextHead head) {
    var writer = new CaptionWriter(AUDIBLE);
    RandomGenerator random = Seeds.generator(set.seed());
    List<Caption> captions =
        set.scenes().stream().map(scene -> writer.write(scene, random)).toList();
    float[] queries = head.project(sentences.encode(captions.stream().map(Caption::text).toList()));
    Ranking.Truth truth = (i, j) -> captions.get(i).matches(set.scenes().get(j));
    figures.put(name + ".recall@1", Ranking.recall(queries, clips, 1, truth));
    figures.put(name + ".recall@10", Ranking.recall(queries, clips, 10, truth));
  }

  private float[] encode(
      SceneSet set, TowerEncoder tower, Function<RandomGenerator, Acoustics> acoustics) {
    var rows = new float[set.size() * TextHead.WIDTH];
    int chunk = 50;
    for (int at = 0; at < set.size(); at += chunk) {
      int count = Math.min(chunk, set.size() - at);
      var spectrograms = new float[count * clips.values()];
      for (int i = 0; i < count; i++) {
        RandomGenerator random = Seeds.generator(set.seed(), at + i);
        Acoustics heard = acoustics.apply(random);
        clips.write(set.scenes().get(at + i), heard, random, spectrograms, i * clips.values());
      }
      float[] part = tower.encode(spectrograms, count);
      System.arraycopy(part, 0, rows, at * TextHead.WIDTH, part.length);
    }
    return rows;
  }

  /** The factor on cosines for calibrated probabilities, by attribute. */
  Map<String, Double> calibrate(TowerEncoder tower, TextHead head) {
    SceneSet validation = SceneSet.draw(1000, Split.COMBO, 0, scene -> true, VALIDATION_SEED);
    float[] heard = encode(validation, tower, Acoustics::draw);
    var factors = new TreeMap<String, Double>();
    for (ClassPrompts prompts : ofSounds()) {
      float[] classes = prompts.embed(sentences, head);
      factors.put(
          prompts.name(),
          Calibration.fit(heard, classes, ImageEvaluation.truth(validation, prompts)));
    }
    return factors;
  }
}
