package io.sensorium.host.demo;

import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.Question;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Plays the main job, act by act, on files that it writes into a folder. One thread, once. */
final class Demo {
  private static final int SCENES_OF_TWO_KINDS = 14;
  private static final String MOTION_JAR = "sensorium-example-motion.jar";

  private final Path folder;
  private final String device;
  private final Consumer<String> narrator;

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
   * @param queries every search with what it found
   * @param talks what a language model was asked and said
   * @param plug how the sense was plugged in
   */
  record Result(int samples, List<DemoQuery> queries, List<DemoTalk> talks, HotPlug.Outcome plug) {}

  Result play(long seed) throws IOException {
    SampleMedia media = new SampleMedia(seed);
    List<Sample> pictures = media.writePictures(folder.resolve("pictures"), SCENES_OF_TWO_KINDS);
    List<Sample> sounds = media.writeSounds(folder.resolve("sounds"), pictures);
    List<Sample> motions = media.writeMotions(folder.resolve("motions"), pictures);
    Map<Path, Sample> samples = new HashMap<>();
    for (List<Sample> made : List.of(pictures, sounds, motions)) {
      made.forEach(sample -> samples.put(sample.file(), sample));
    }
    narrator.accept(
        "%d pictures, %d sounds and %d movements that training never saw: %s"
            .formatted(pictures.size(), sounds.size(), motions.size(), folder));
    SensoriumOptions options = SensoriumOptions.at(folder.resolve("home")).onDevice(device);
    try (Sensorium sensorium = Sensorium.start(options)) {
      Searches searches = new Searches(sensorium, samples);
      index(sensorium, "pictures", "sounds");
      Seeing.play(searches, pictures);
      Hearing.play(searches, pictures, sounds);
      List<DemoTalk> talks = answer(sensorium, pictures, sounds);
      narrator.accept(
          "A host of %d senses, none of which knows motion".formatted(sensorium.encoders().size()));
      HotPlug.Outcome plug =
          new HotPlug(sensorium, MOTION_JAR)
              .plugIn(
                  Sample.MOTION,
                  () -> {
                    index(sensorium, "motions");
                    Feeling.play(searches, pictures, sounds, motions);
                  });
      narrator.accept(plug.summary());
      return new Result(samples.size(), searches.queries(), talks, plug);
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

  private List<DemoTalk> answer(Sensorium sensorium, List<Sample> pictures, List<Sample> sounds) {
    long start = System.nanoTime();
    List<DemoTalk> talks = new Answering(sensorium).play(pictures, sounds);
    narrator.accept(
        "%s, which learnt from text alone, answered %d questions about a picture and a sound in %.1f s"
            .formatted(
                Question.DEFAULT_MODEL,
                talks.stream().mapToInt(talk -> talk.answers().size()).sum(),
                (System.nanoTime() - start) / 1e9));
    return talks;
  }
}
