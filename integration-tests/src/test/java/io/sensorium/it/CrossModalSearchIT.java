package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.models.world.Caption;
import io.sensorium.models.world.CaptionWriter;
import io.sensorium.models.world.Naming;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Thing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real files: what goes in is media, what comes out is right often enough. */
class CrossModalSearchIT {
  private static final long SEED = 4_711;
  private static final int PICTURES = 200;

  @TempDir static Path folder;
  private static Sensorium sensorium;
  private static Map<Path, Scene> pictures;
  private static final Map<Path, Scene> SOUNDS = new LinkedHashMap<>();

  @BeforeAll
  static void indexPicturesAndSounds() throws IOException {
    WorldFiles files = new WorldFiles(SEED, 0);
    pictures = files.pictures(folder.resolve("media/pictures"), PICTURES);
    Path sounds = Files.createDirectories(folder.resolve("media/sounds"));
    for (Map.Entry<Path, Scene> picture : pictures.entrySet()) {
      if (SOUNDS.size() < 40) {
        Path file = sounds.resolve("s%04d.wav".formatted(SOUNDS.size()));
        SOUNDS.put(files.sound(file, picture.getValue()), picture.getValue());
      }
    }
    Files.writeString(folder.resolve("media/broken.png"), "no picture");
    sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
    IndexingReport report = sensorium.index(List.of(folder.resolve("media")), IndexProgress.NONE);
    assertThat(report.indexed()).isGreaterThanOrEqualTo(PICTURES + 40);
  }

  @AfterAll
  static void stop() {
    sensorium.close();
  }

  @Test
  void wordsFindPicturesOfUnseenCombinations() {
    RandomGenerator random = Seeds.generator(SEED);
    CaptionWriter captions = new CaptionWriter(Naming.RETRIEVAL);
    List<Boolean> right = new ArrayList<>();
    for (Scene scene : pictures.values().stream().limit(60).toList()) {
      Caption caption = captions.write(scene, random);
      SearchRequest request = SearchRequest.text(caption.text()).among(Modality.IMAGE).top(1);
      right.add(caption.matches(scenes(request).getFirst()));
    }
    assertThat(share(right)).isGreaterThan(0.8);
  }

  @Test
  void soundsFindPicturesOfTheSameThingAndWordsFindSounds() {
    List<Boolean> seen = new ArrayList<>();
    SOUNDS.forEach(
        (file, scene) -> {
          SearchRequest request = SearchRequest.of(audio(file)).among(Modality.IMAGE).top(1);
          seen.add(showsTheThingsOf(scene).test(scenes(request).getFirst()));
        });
    assertThat(share(seen)).isGreaterThan(0.8);

    List<Boolean> named = new ArrayList<>();
    SOUNDS.values().stream()
        .map(scene -> scene.first().thing())
        .distinct()
        .forEach(
            thing -> {
              SearchRequest request =
                  SearchRequest.text("a " + thing.noun().singular()).among(Modality.AUDIO).top(1);
              named.add(scenes(request).getFirst().first().thing() == thing);
            });
    assertThat(share(named)).isGreaterThan(0.8);
  }

  @Test
  void picturesFindSounds() {
    List<Boolean> right = new ArrayList<>();
    for (Map.Entry<Path, Scene> picture : pictures.entrySet().stream().limit(40).toList()) {
      EncodeRequest item =
          EncodeRequest.of(Modality.IMAGE, MediaInput.read(picture.getKey(), Long.MAX_VALUE));
      Scene best = scenes(SearchRequest.of(item).among(Modality.AUDIO).top(1)).getFirst();
      right.add(showsTheThingsOf(picture.getValue()).test(best));
    }
    assertThat(share(right)).isGreaterThan(0.8);
  }

  @Test
  void labelsNamedOnlyNowClassifyPicturesAndSounds() {
    List<String> labels =
        Arrays.stream(Thing.values()).map(thing -> thing.noun().singular()).toList();
    List<Boolean> right = new ArrayList<>();
    pictures.entrySet().stream()
        .limit(30)
        .forEach(
            picture -> {
              EncodeRequest item =
                  EncodeRequest.of(
                      Modality.IMAGE, MediaInput.read(picture.getKey(), Long.MAX_VALUE));
              var answer = sensorium.classify(item, labels);
              assertThat(answer.stream().mapToDouble(l -> l.probability()).sum())
                  .isBetween(0.999, 1.001);
              right.add(
                  answer
                      .getFirst()
                      .label()
                      .equals(picture.getValue().first().thing().noun().singular()));
            });
    assertThat(share(right)).isGreaterThan(0.8);
  }

  @Test
  void aSecondIndexingSkipsWhatIsUnchangedAndNamesWhatItCannotRead() {
    IndexingReport report = sensorium.index(List.of(folder.resolve("media")), IndexProgress.NONE);
    assertThat(report.indexed()).isZero();
    assertThat(report.unchanged()).isGreaterThanOrEqualTo(PICTURES + 40);
  }

  @Test
  void filtersNarrowTheAnswer() {
    SearchRequest request = SearchRequest.text("a bell").having(Map.of("extension", "wav")).top(50);
    assertThat(sensorium.search(request))
        .hasSize(SOUNDS.size())
        .allMatch(hit -> hit.entry().modality().equals(Modality.AUDIO));
  }

  private static Predicate<Scene> showsTheThingsOf(Scene scene) {
    Thing thing = scene.first().thing();
    return other -> other.groups().stream().anyMatch(group -> group.thing() == thing);
  }

  private static EncodeRequest audio(Path file) {
    return EncodeRequest.of(Modality.AUDIO, MediaInput.read(file, Long.MAX_VALUE));
  }

  private static List<Scene> scenes(SearchRequest request) {
    List<Hit> hits = sensorium.search(request);
    return hits.stream()
        .map(hit -> Path.of(hit.entry().path()))
        .map(path -> pictures.getOrDefault(path, SOUNDS.get(path)))
        .toList();
  }

  private static double share(List<Boolean> right) {
    return (double) right.stream().filter(r -> r).count() / right.size();
  }
}
