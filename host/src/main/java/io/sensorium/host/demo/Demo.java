package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.demo.DemoQuery.DemoHit;
import io.sensorium.models.world.Claim;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Thing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Plays the main job, act by act, on files that it writes into a folder. One thread, once. */
final class Demo {
  private static final int TOP = 5;
  private static final int SCENES_OF_TWO_KINDS = 14;
  private static final String MOTION_JAR = "sensorium-example-motion.jar";

  private final Path folder;
  private final String device;
  private final Consumer<String> narrator;
  private final Map<Path, Sample> samples = new HashMap<>();
  private final List<DemoQuery> queries = new ArrayList<>();

  /**
   * @param folder a folder of its own, empty or absent
   * @param narrator hears one line for each thing that happens
   */
  Demo(Path folder, String device, Consumer<String> narrator) {
    this.folder = folder;
    this.device = device;
    this.narrator = narrator;
  }

  /**
   * What the demo answers.
   *
   * @param samples how many files were made
   * @param queries every question with its answers
   * @param plug how the sense was plugged in
   */
  record Result(int samples, List<DemoQuery> queries, HotPlug.Outcome plug) {}

  Result play(long seed) throws IOException {
    SampleMedia media = new SampleMedia(seed);
    List<Sample> pictures = media.writePictures(folder.resolve("pictures"), SCENES_OF_TWO_KINDS);
    List<Sample> sounds = media.writeSounds(folder.resolve("sounds"), pictures);
    List<Sample> motions = media.writeMotions(folder.resolve("motions"), pictures);
    for (List<Sample> made : List.of(pictures, sounds, motions)) {
      made.forEach(sample -> samples.put(sample.file(), sample));
    }
    narrator.accept(
        "%d pictures, %d sounds and %d movements that training never saw: %s"
            .formatted(pictures.size(), sounds.size(), motions.size(), folder));
    SensoriumOptions options = SensoriumOptions.at(folder.resolve("home")).onDevice(device);
    try (Sensorium sensorium = Sensorium.start(options)) {
      index(sensorium, "pictures", "sounds");
      see(sensorium, pictures);
      hear(sensorium, pictures, sounds);
      narrator.accept(
          "A host of %d senses, none of which knows motion".formatted(sensorium.encoders().size()));
      HotPlug.Outcome plug =
          new HotPlug(sensorium, MOTION_JAR)
              .plugIn(
                  Sample.MOTION,
                  () -> {
                    index(sensorium, "motions");
                    feel(sensorium, pictures, sounds, motions);
                  });
      narrator.accept(plug.summary());
      return new Result(samples.size(), queries, plug);
    }
  }

  private void index(Sensorium sensorium, String... folders) {
    List<Path> roots = Arrays.stream(folders).map(folder::resolve).toList();
    IndexingReport report = sensorium.index(roots, IndexProgress.NONE);
    narrator.accept(
        "Indexed %d files in %.1f s; %d that no sense can read"
            .formatted(
                report.indexed(), report.took().toMillis() / 1000.0, report.unreadable().size()));
  }

  private void see(Sensorium sensorium, List<Sample> pictures) {
    String act = "Words find pictures";
    SampleMedia.ASKED.forEach((words, claim) -> find(sensorium, act, words, claim));
    findPair(sensorium, act, pictures);
    for (Sample picture : List.of(pictures.get(0), pictures.get(1), pictures.get(2))) {
      classify(sensorium, picture);
    }
  }

  private void find(Sensorium sensorium, String act, String words, GroupClaim claim) {
    SearchRequest request = SearchRequest.text(words).among(Modality.IMAGE).top(TOP);
    ask(sensorium, act, words, List.of(), request, Claim.of(claim)::holds, "");
  }

  private void findPair(Sensorium sensorium, String act, List<Sample> pictures) {
    Scene pair =
        pictures.stream().map(Sample::scene).filter(Scene::twoKinds).findFirst().orElseThrow();
    Group first = pair.first();
    Group second = pair.second().orElseThrow();
    String words = Sample.counted(first) + " and " + Sample.counted(second);
    Claim both = Claim.of(named(first), named(second));
    SearchRequest request = SearchRequest.text(words).among(Modality.IMAGE).top(TOP);
    ask(sensorium, act, words, List.of(), request, both::holds, "two kinds in one picture");
  }

  private static GroupClaim named(Group group) {
    return of(group.thing()).with(group.colour()).with(CountRange.exactly(group.count()));
  }

  private void classify(Sensorium sensorium, Sample sample) {
    List<String> labels = new ArrayList<>();
    sample.scene().groups().forEach(group -> labels.add(group.thing().noun().singular()));
    for (Thing thing : Thing.values()) {
      if (labels.size() < TOP && !labels.contains(thing.noun().singular())) {
        labels.add(thing.noun().singular());
      }
    }
    List<DemoHit> hits =
        sensorium.classify(item(sample), labels).stream()
            .map(
                label ->
                    new DemoHit(
                        Optional.empty(),
                        label.label(),
                        label.probability(),
                        sample.scene().groups().stream()
                            .anyMatch(g -> g.thing().noun().singular().equals(label.label()))))
            .toList();
    queries.add(
        new DemoQuery(
            "Labels that were named only now", "", List.of(sample), hits, sample.truth()));
  }

  private void hear(Sensorium sensorium, List<Sample> pictures, List<Sample> sounds) {
    Sample bells = bells(sounds);
    for (Sample sound : List.of(bells, sounds.get(0), sounds.get(1))) {
      ask(
          sensorium,
          "A sound finds pictures",
          "",
          List.of(sound),
          SearchRequest.of(item(sound)).among(Modality.IMAGE).top(TOP),
          like(sound),
          sound.truth());
    }
    for (Sample picture : pictures.stream().filter(p -> !p.scene().twoKinds()).limit(2).toList()) {
      ask(
          sensorium,
          "A picture finds sounds",
          "",
          List.of(picture),
          SearchRequest.of(item(picture)).among(Modality.AUDIO).top(TOP),
          scene -> scene.first().thing() == picture.scene().first().thing(),
          picture.truth());
    }
    for (Thing thing : List.of(Thing.DOG, Thing.HELICOPTER)) {
      String words = "the sound of a " + thing.noun().singular();
      ask(
          sensorium,
          "Words find sounds, though training never brought them together",
          words,
          List.of(),
          SearchRequest.text(words).among(Modality.AUDIO).top(TOP),
          scene -> scene.first().thing() == thing,
          "");
    }
    add(sensorium, bells, Colour.RED, Colour.BLUE);
    add(sensorium, bells, Colour.BLUE, Colour.RED);
    classify(sensorium, sounds.get(2));
  }

  private void feel(
      Sensorium sensorium, List<Sample> pictures, List<Sample> sounds, List<Sample> motions) {
    for (Thing thing : List.of(Thing.BELL, Thing.TRAIN, Thing.FROG)) {
      String words = "a " + thing.noun().singular();
      ask(
          sensorium,
          "Words find movements, though training never brought them together",
          words,
          List.of(),
          SearchRequest.text(words).among(Sample.MOTION).top(TOP),
          scene -> scene.first().thing() == thing,
          "what an accelerometer recorded");
    }
    Sample bells = bells(motions);
    for (Sample motion : List.of(bells, motions.get(0))) {
      ask(
          sensorium,
          "A movement finds pictures",
          "",
          List.of(motion),
          SearchRequest.of(item(motion)).among(Modality.IMAGE).top(TOP),
          like(motion),
          motion.truth());
    }
    for (Sample sound : List.of(bells(sounds), sounds.get(3))) {
      ask(
          sensorium,
          "A sound finds movements, though training never brought them together",
          "",
          List.of(sound),
          SearchRequest.of(item(sound)).among(Sample.MOTION).top(TOP),
          scene -> scene.first().thing() == sound.scene().first().thing(),
          sound.truth());
    }
    Sample picture = pictures.stream().filter(p -> !p.scene().twoKinds()).findFirst().orElseThrow();
    ask(
        sensorium,
        "A picture finds movements",
        "",
        List.of(picture),
        SearchRequest.of(item(picture)).among(Sample.MOTION).top(TOP),
        scene -> scene.first().thing() == picture.scene().first().thing(),
        picture.truth());
  }

  private static Sample bells(List<Sample> samples) {
    return samples.stream()
        .filter(sample -> SampleMedia.BELLS.holds(sample.scene()))
        .findFirst()
        .orElseThrow();
  }

  private void add(Sensorium sensorium, Sample sound, Colour wanted, Colour unwanted) {
    String plus = wanted.words().getFirst();
    String minus = unwanted.words().getFirst();
    SearchRequest request =
        SearchRequest.of(item(sound))
            .plus(EncodeRequest.text(plus))
            .minus(EncodeRequest.text(minus))
            .among(Modality.IMAGE)
            .top(TOP);
    GroupClaim claim = of(sound.scene().first().thing()).with(wanted);
    ask(
        sensorium,
        "Arithmetic across senses",
        "+ " + plus + " \u2212 " + minus,
        List.of(sound),
        request,
        Claim.of(claim)::holds,
        sound.truth());
  }

  private void ask(
      Sensorium sensorium,
      String act,
      String words,
      List<Sample> examples,
      SearchRequest request,
      Predicate<Scene> right,
      String note) {
    List<DemoHit> hits =
        sensorium.search(request).stream()
            .map(hit -> answer(samples.get(Path.of(hit.entry().path())), hit.score(), right))
            .toList();
    queries.add(new DemoQuery(act, words, examples, hits, note));
  }

  private static DemoHit answer(Sample sample, double score, Predicate<Scene> right) {
    return new DemoHit(Optional.of(sample), sample.truth(), score, right.test(sample.scene()));
  }

  /** Same thing, size and number: what sounds and movements tell. */
  private static Predicate<Scene> like(Sample sample) {
    Group group = sample.scene().first();
    GroupClaim claim = of(group.thing()).with(group.size()).with(CountRange.exactly(group.count()));
    return Claim.of(claim)::holds;
  }

  private static GroupClaim of(Thing thing) {
    return GroupClaim.ANY.with(thing);
  }

  private static EncodeRequest item(Sample sample) {
    return EncodeRequest.of(sample.modality(), MediaInput.read(sample.file(), Long.MAX_VALUE));
  }
}
