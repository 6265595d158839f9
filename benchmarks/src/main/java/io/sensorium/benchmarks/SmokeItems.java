package io.sensorium.benchmarks;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.models.world.CaptionWriter;
import io.sensorium.models.world.Naming;
import io.sensorium.models.world.PngFile;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneRenderer;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.SoundSynthesizer;
import io.sensorium.models.world.WaveFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Pictures, sounds and sentences of the same scenes, as a user would hand them in. */
final class SmokeItems {
  private static final int SCENES = 256;
  private static final int SIDE_PIXELS = 320;
  private static final double TWO_KIND_SHARE = 0.3;
  private static final long SEED = 23;

  private SmokeItems() {}

  static Map<Modality, List<EncodeRequest>> generate() throws IOException {
    RandomGenerator random = Seeds.generator(SEED);
    SceneSampler sampler = new SceneSampler(TWO_KIND_SHARE);
    SceneRenderer renderer = new SceneRenderer();
    SoundSynthesizer synthesizer = new SoundSynthesizer();
    CaptionWriter captions = new CaptionWriter(Naming.COMPLETE);
    Map<Modality, List<EncodeRequest>> items = new LinkedHashMap<>();
    for (Modality modality : List.of(Modality.IMAGE, Modality.AUDIO, Modality.TEXT)) {
      items.put(modality, new ArrayList<>());
    }
    Path file = Files.createTempFile("sensorium-smoke", ".media");
    for (int i = 0; i < SCENES; i++) {
      Scene scene = sampler.sample(random);
      PngFile.write(file, renderer.render(scene, random, SIDE_PIXELS));
      items.get(Modality.IMAGE).add(read(Modality.IMAGE, file));
      WaveFile.write(file, synthesizer.render(scene, random), SoundSynthesizer.SAMPLE_RATE);
      items.get(Modality.AUDIO).add(read(Modality.AUDIO, file));
      items.get(Modality.TEXT).add(EncodeRequest.text(captions.write(scene, random).text()));
    }
    Files.delete(file);
    return items;
  }

  private static EncodeRequest read(Modality modality, Path file) {
    return EncodeRequest.of(modality, MediaInput.read(file, Long.MAX_VALUE));
  }
}
