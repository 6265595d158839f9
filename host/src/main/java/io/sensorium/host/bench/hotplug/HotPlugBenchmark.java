package io.sensorium.host.bench.hotplug;

import io.sensorium.api.media.MediaInput;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.bench.hotplug.HotPlugPlan.Trial;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The trials that the promise of hot plug is held to, each on a host of its own. */
public final class HotPlugBenchmark {
  private static final String BUNDLES = "META-INF/sensorium/";
  private static final String IMAGE_ENCODER = "sensorium-encoder-image";

  private final Path work;
  private final TrialProgress progress;
  private final long seed;

  /**
   * @param work a folder of the caller's, for homes and plug-ins
   */
  public HotPlugBenchmark(Path work, long seed, TrialProgress progress) {
    this.work = work;
    this.seed = seed;
    this.progress = progress;
  }

  /** Runs what is planned and answers the figures by trial, and what broke a promise. */
  public Map<String, Object> run(HotPlugPlan plan, List<MediaInput> pictures) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    List<String> broken = new ArrayList<>();
    for (Trial trial : plan.trials()) {
      CycleFigures cycles =
          switch (trial) {
            case IMAGES -> cycleImages(plan.cycles(), pictures);
            case PROBE -> cycleProbe(plan.cycles());
          };
      figures.put(trial.toString(), cycles.describe());
      broken.addAll(cycles.broken());
    }
    figures.put("broken", broken);
    return figures;
  }

  /** Cycles the smallest encoder, whose answers tell which parts of which versions gave them. */
  public CycleFigures cycleProbe(CyclePlan plan) throws IOException {
    Subject subject = Subject.probe(jars());
    try (Sensorium sensorium = start("probe")) {
      return new Cycles(new ChangedHost(sensorium), subject, plan, seed, progress).run();
    }
  }

  /** Cycles the default image encoder with the default package. */
  public CycleFigures cycleImages(CyclePlan plan, List<MediaInput> pictures) throws IOException {
    Path encoder = carried(IMAGE_ENCODER, jars());
    try (Sensorium sensorium = start("image")) {
      Subject subject =
          Subject.image(
              jars(), encoder, sensorium.models().find("world-image").orElseThrow(), pictures);
      return new Cycles(new ChangedHost(sensorium), subject, plan, seed, progress).run();
    }
  }

  private Path jars() throws IOException {
    return Files.createDirectories(work.resolve("jars"));
  }

  private Sensorium start(String home) {
    return Sensorium.start(SensoriumOptions.at(work.resolve(home)));
  }

  /** Copies out a bundle that the host carries. */
  private static Path carried(String bundle, Path folder) throws IOException {
    String name;
    try (InputStream index = resource("bundles.index")) {
      name =
          new String(index.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.substring(line.indexOf(' ') + 1).strip())
              .filter(each -> each.startsWith(bundle))
              .findFirst()
              .orElseThrow(() -> new FileNotFoundException("the host carries no " + bundle));
    }
    Path copy = folder.resolve(name);
    try (InputStream jar = resource("bundles/" + name)) {
      Files.write(copy, jar.readAllBytes());
    }
    return copy;
  }

  private static InputStream resource(String path) throws IOException {
    InputStream in = HotPlugBenchmark.class.getClassLoader().getResourceAsStream(BUNDLES + path);
    if (in == null) {
      throw new FileNotFoundException("the class path does not hold " + BUNDLES + path);
    }
    return in;
  }
}
