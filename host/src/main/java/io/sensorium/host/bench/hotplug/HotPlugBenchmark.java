package io.sensorium.host.bench.hotplug;

import io.sensorium.api.media.MediaInput;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.bench.hotplug.HotPlugPlan.Trial;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The trials that the promise of hot plug is held to, each on a host of its own. */
public final class HotPlugBenchmark {
  private static final String BUNDLES = "META-INF/sensorium/";
  private static final String IMAGE_ENCODER = "sensorium-encoder-image";
  private static final String IMAGE_MODEL = "world-image";

  /** For plug-ins that end by themselves, but for what they leave running. */
  private static final PlugInPolicy PATIENT =
      PlugInPolicy.DEFAULT.within(
          Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(4));

  /** What a hanging plug-in costs; the good one takes a tenth of it on a busy machine. */
  private static final PlugInPolicy IMPATIENT =
      PlugInPolicy.DEFAULT.within(
          Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(4));

  private final Path work;
  private final TrialProgress progress;
  private final long seed;

  /**
   * @param work an empty folder of the caller's, for homes and plug-ins
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
      switch (trial) {
        case IMAGES -> {
          CycleFigures cycles = cycleImages(plan.cycles(), pictures);
          figures.putAll(cycles.describe());
          broken.addAll(cycles.broken());
        }
        case PROBE -> {
          CycleFigures cycles = cycleProbe(plan.cycles());
          figures.put(trial.toString(), cycles.describe());
          broken.addAll(cycles.broken());
        }
        case BAD -> {
          BadFigures bad = bringBad(plan.badRounds());
          figures.put(trial.toString(), bad.describe());
          broken.addAll(bad.broken());
        }
        case THREADS -> {
          ThreadFigures changes = changeByMany(plan.threads(), plan.changesPerThread());
          figures.put(trial.toString(), changes.describe());
          broken.addAll(changes.broken());
        }
        case KILLS -> {
          KillFigures kills = kill(plan.killRounds(), plan.mostKills());
          figures.put(trial.toString(), kills.describe());
          broken.addAll(kills.broken());
        }
      }
    }
    figures.put("broken", broken);
    return figures;
  }

  /** Cycles the smallest encoder, whose answers tell which parts of which versions gave them. */
  public CycleFigures cycleProbe(CyclePlan plan) throws IOException {
    Subject subject = Subject.probe(folder("probe"));
    try (Sensorium sensorium = Sensorium.start(home("probe"))) {
      return new Cycles(new ChangedHost(sensorium), subject, plan, seed, progress).run();
    }
  }

  /** Cycles the default image encoder with the default package. */
  public CycleFigures cycleImages(CyclePlan plan, List<MediaInput> pictures) throws IOException {
    Path encoder = carried(IMAGE_ENCODER, folder("image"));
    try (Sensorium sensorium = Sensorium.start(home("image"))) {
      Subject subject =
          Subject.image(
              folder("image"),
              encoder,
              sensorium.models().find(IMAGE_MODEL).orElseThrow(),
              pictures);
      return new Cycles(new ChangedHost(sensorium), subject, plan, seed, progress).run();
    }
  }

  /**
   * Brings every kind of bad plug-in so often. Only those that hang have to be quick: the others
   * are to be refused for what is wrong with them, however long a busy machine takes to see it.
   */
  public BadFigures bringBad(int rounds) throws IOException {
    Path pins = BadTrials.pins(folder("distrusted"));
    Set<BadPlugIn> hanging = EnumSet.allOf(BadPlugIn.class);
    hanging.removeIf(kind -> kind.limit(IMPATIENT).isZero());
    Set<BadPlugIn> others = EnumSet.complementOf(EnumSet.copyOf(hanging));
    others.removeAll(BadPlugIn.REFUSED_BY_TRUST);
    return bringBad("bad", PATIENT, rounds, others)
        .plus(bringBad("hanging", IMPATIENT, rounds, hanging))
        .plus(bringBad("distrusted", PATIENT.trusting(pins), rounds, BadPlugIn.REFUSED_BY_TRUST));
  }

  private BadFigures bringBad(String name, PlugInPolicy policy, int rounds, Set<BadPlugIn> kinds)
      throws IOException {
    try (Sensorium sensorium = Sensorium.start(home(name).withPlugIns(policy))) {
      return new BadTrials(new ChangedHost(sensorium), folder(name), policy, seed, progress)
          .run(rounds, kinds);
    }
  }

  /** Changes one bundle from many threads. */
  public ThreadFigures changeByMany(int threads, int changesPerThread) throws IOException {
    try (Sensorium sensorium = Sensorium.start(home("threads"))) {
      return new ThreadTrials(new ChangedHost(sensorium), folder("threads"), seed, progress)
          .run(threads, changesPerThread);
    }
  }

  /**
   * Kills a process at each step of each change.
   *
   * @param most kills of one change in one round
   */
  public KillFigures kill(int rounds, int most) throws IOException {
    return new KillTrials(folder("kills"), progress).run(rounds, most);
  }

  private Path folder(String trial) throws IOException {
    return Files.createDirectories(work.resolve(trial));
  }

  private SensoriumOptions home(String trial) {
    return SensoriumOptions.at(work.resolve(trial + "-home"));
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
