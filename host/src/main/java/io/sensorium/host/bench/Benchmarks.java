package io.sensorium.host.bench;

import io.sensorium.api.Modality;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.bench.hotplug.HotPlugBenchmark;
import io.sensorium.host.bench.hotplug.HotPlugPlan;
import io.sensorium.host.bench.hotplug.TrialProgress;
import io.sensorium.host.launch.FileTree;
import io.sensorium.host.launch.Versions;
import io.sensorium.models.world.SceneRenderer;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/** The benchmarks by name, each on a host of its own in a temporary home. */
public final class Benchmarks {
  private static final int DIMENSION = 384;
  private static final int QUERIES = 1_000;
  private static final int ITEMS = 512;
  private static final int BATCH = 32;
  private static final int ROUNDS = 7;
  private static final int SIDE_PIXELS = 320;
  private static final long SEED = 11;

  private final String device;
  private final int vectors;
  private final List<String> peer;

  /** What can be measured, typed in lower case. */
  public enum Name {
    ENCODE,
    SEARCH,
    DECODE,
    ADAPTERS,
    IMPORT,
    MEMORY,
    HOTPLUG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param vectors how many the search benchmark stores
   * @param peer what the import benchmark is measured against, a command; empty for nothing
   */
  public Benchmarks(String device, int vectors, List<String> peer) {
    if (vectors < 1) {
      throw new IllegalArgumentException("at least one vector is required; got " + vectors);
    }
    this.device = device;
    this.vectors = vectors;
    this.peer = List.copyOf(peer);
  }

  /**
   * Changes hosts of its own under load and answers the machine and the figures; what broke a
   * promise is under {@code broken}.
   */
  public static Map<String, Object> hotPlug(HotPlugPlan plan, TrialProgress progress)
      throws IOException {
    Path work = Files.createTempDirectory("sensorium-bench");
    try {
      Map<String, Object> figures = header(Name.HOTPLUG);
      figures.putAll(new HotPlugBenchmark(work, SEED, progress).run(plan, pictures()));
      return figures;
    } finally {
      FileTree.delete(work);
    }
  }

  /** Imports language models and answers the machine and how fast they decode. */
  public static Map<String, Object> decode(String device, DecodePlan plan) throws IOException {
    Path home = Files.createTempDirectory("sensorium-bench");
    try {
      if (plan.spinning()) {
        Path deploy = Files.createDirectories(home.resolve("deploy"));
        Files.writeString(deploy.resolve("io.sensorium.runtime.onnx.cfg"), "spinning = true\n");
      }
      try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home).onDevice(device))) {
        Map<String, Object> figures = header(Name.DECODE);
        figures.putAll(new DecodeBenchmark(sensorium, home.resolve("bench"), plan).run());
        return figures;
      }
    } finally {
      FileTree.delete(home);
    }
  }

  /** Imports language models and answers the machine and what low-rank adapters cost them. */
  public static Map<String, Object> adapters(String device, DecodePlan plan, int rank)
      throws IOException {
    Path home = Files.createTempDirectory("sensorium-bench");
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home).onDevice(device))) {
      Map<String, Object> figures = header(Name.ADAPTERS);
      figures.putAll(new AdapterBenchmark(sensorium, home.resolve("bench"), plan, rank).run());
      return figures;
    } finally {
      FileTree.delete(home);
    }
  }

  private static Map<String, Object> header(Name name) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("benchmark", name.toString());
    figures.put("machine", Machine.describe());
    figures.put("commit", Versions.commit());
    return figures;
  }

  /** Runs one of those without a method of their own, and answers the machine and its figures. */
  public Map<String, Object> run(Name name) throws IOException {
    Path home = Files.createTempDirectory("sensorium-bench");
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home).onDevice(device))) {
      Map<String, Object> figures = header(name);
      figures.putAll(
          switch (name) {
            case ENCODE -> encode(sensorium);
            case SEARCH -> search(sensorium);
            case DECODE, ADAPTERS, HOTPLUG ->
                throw new IllegalArgumentException(name + " has a plan of its own");
            case MEMORY -> new MemoryBenchmark(sensorium, home.resolve("bench")).run();
            case IMPORT -> new ImportBenchmark(sensorium, home.resolve("bench"), peer).run();
          });
      return figures;
    } finally {
      FileTree.delete(home);
    }
  }

  private Map<String, Object> search(Sensorium sensorium) {
    MediaIndex index = sensorium.service(MediaIndex.class);
    Map<String, Object> figures = new SearchBenchmark(index, vectors, DIMENSION, QUERIES).run();
    figures.put("health", index.health());
    return figures;
  }

  private static Map<String, Object> encode(Sensorium sensorium) throws IOException {
    ModelGraph model =
        sensorium.models().packages().stream()
            .flatMap(p -> p.graphs().stream())
            .filter(graph -> graph.manifest().modality().equals(Optional.of(Modality.IMAGE)))
            .findFirst()
            .orElseThrow();
    EncodeBenchmark benchmark =
        new EncodeBenchmark(
            sensorium.service(EmbeddingService.class),
            sensorium.service(InferenceRuntime.class),
            model,
            pictures(),
            BATCH);
    return benchmark.run(
        sensorium.service(ModalityEncoder.class, "(sensorium.modality=image)"), ROUNDS);
  }

  private static List<MediaInput> pictures() throws IOException {
    RandomGenerator random = Seeds.generator(SEED);
    SceneSampler sampler = new SceneSampler(0.3);
    SceneRenderer renderer = new SceneRenderer();
    List<MediaInput> pictures = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(renderer.render(sampler.sample(random), random, SIDE_PIXELS), "png", bytes);
      pictures.add(new MediaInput("picture-" + i, ByteBuffer.wrap(bytes.toByteArray())));
    }
    return pictures;
  }
}
