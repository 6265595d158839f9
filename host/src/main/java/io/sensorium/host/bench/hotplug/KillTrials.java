package io.sensorium.host.bench.hotplug;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.bench.hotplug.KillFigures.Outcome;
import io.sensorium.host.bench.hotplug.KilledChange.Change;
import io.sensorium.host.bench.hotplug.Traffic.Sent;
import io.sensorium.host.bench.hotplug.plugin.ProbeEncoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Kills a process at each step of each change, and starts a host on the home that it left: it must
 * come up by itself with the version from before or the one from after, and nothing else.
 */
final class KillTrials {
  private static final int NONE = 0;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final String ENCODER = "hotplug-encoder";

  private final Path work;
  private final Path plugIns;
  private final TrialProgress progress;
  private final Object oneHost = new Object();

  KillTrials(Path work, TrialProgress progress) throws IOException {
    this.work = work;
    this.plugIns = Files.createDirectories(work.resolve("plug-ins"));
    this.progress = progress;
    for (int version = Subject.FIRST; version <= Subject.SECOND; version++) {
      Subject.probe(plugIns, KilledChange.BUNDLE, version);
      ProbeModel.of(KilledChange.MODEL, version)
          .recordedWith(Subject.BASE)
          .write(KilledChange.model(plugIns, version));
    }
    Subject.bundle(ENCODER, Subject.BASE)
        .encoder(ProbeEncoder.class, Subject.properties(Subject.BASE))
        .write(plugIns.resolve(ENCODER + ".jar"));
  }

  private record Kill(Change change, int step, String name) {}

  /**
   * Kills at every step so often. Changes are tried side by side, each in a home of its own.
   *
   * @param most kills of one change in one round; where it has more steps, some are left out,
   *     evenly
   */
  KillFigures run(int rounds, int most) throws IOException {
    AtomicInteger steps = new AtomicInteger();
    AtomicInteger tried = new AtomicInteger();
    List<Outcome> outcomes = new ArrayList<>();
    int threads = Math.min(Change.values().length, Runtime.getRuntime().availableProcessors());
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<List<Outcome>>> running = new ArrayList<>();
      for (Change change : Change.values()) {
        running.add(
            executor.submit(
                () -> {
                  List<Kill> all = kills(change);
                  int chosen = Math.min(most, all.size());
                  steps.addAndGet(all.size());
                  tried.addAndGet(chosen);
                  return kill(all, chosen, rounds);
                }));
      }
      for (Future<List<Outcome>> each : running) {
        outcomes.addAll(each.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new KillFigures(rounds, steps.get(), tried.get(), outcomes);
  }

  private List<Kill> kills(Change change) throws IOException {
    synchronized (oneHost) {
      prepare(change);
    }
    List<String> steps = steps(change);
    return IntStream.rangeClosed(1, steps.size())
        .mapToObj(step -> new Kill(change, step, steps.get(step - 1)))
        .toList();
  }

  private List<Outcome> kill(List<Kill> all, int chosen, int rounds) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    long total = (long) rounds * chosen;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < chosen; i++) {
        Kill kill = all.get((int) ((long) i * all.size() / chosen));
        outcomes.add(kill(kill));
        progress.show(outcomes.size(), total, "kills; " + kill.change());
      }
    }
    return outcomes;
  }

  private static Path steps(Path home) {
    return home.resolveSibling(home.getFileName() + "-steps");
  }

  private Path home(Change change) {
    return work.resolve("home-" + change.name());
  }

  private void prepare(Change change) throws IOException {
    try (Sensorium sensorium = start(change)) {
      if (!change.isOfBundle()) {
        sensorium.installBundle(plugIns.resolve(ENCODER + ".jar"));
      }
      restore(change, sensorium, NONE);
    }
  }

  private Sensorium start(Change change) {
    return Sensorium.start(SensoriumOptions.at(home(change)));
  }

  /** The steps of an undisturbed change; the home is afterwards as it was before. */
  private List<String> steps(Change change) throws IOException {
    Path file = steps(home(change));
    Files.deleteIfExists(file);
    int status = run(change, NEVER, file);
    if (status != 0) {
      throw new IOException(
          "to %s must succeed when nobody is killed; got status %d, see %s"
              .formatted(change, status, log(change)));
    }
    synchronized (oneHost) {
      try (Sensorium sensorium = start(change)) {
        restore(change, sensorium, version(change, sensorium));
      }
    }
    return Files.readAllLines(file);
  }

  private Outcome kill(Kill kill) throws IOException {
    long before = files(home(kill.change()));
    int status = run(kill.change(), kill.step(), steps(home(kill.change())));
    int version;
    double seconds;
    synchronized (oneHost) {
      long start = System.nanoTime();
      try (Sensorium sensorium = start(kill.change())) {
        seconds = (System.nanoTime() - start) / 1e9;
        version = version(kill.change(), sensorium);
        restore(kill.change(), sensorium, version);
      }
    }
    long after = files(home(kill.change()));
    return new Outcome(
        kill.change(),
        kill.step(),
        kill.name(),
        status == KilledChange.KILLED,
        version,
        version == versionBefore(kill.change()) || version == versionAfter(kill.change()),
        after - before,
        seconds);
  }

  private static int versionBefore(Change change) {
    return change.needsBefore() ? Subject.FIRST : NONE;
  }

  private static int versionAfter(Change change) {
    return switch (change) {
      case INSTALL_BUNDLE, INSTALL_MODEL -> Subject.FIRST;
      case UPDATE_BUNDLE, UPDATE_MODEL -> Subject.SECOND;
      case REMOVE_BUNDLE, REMOVE_MODEL -> NONE;
    };
  }

  /** The version that answers; 0 for none. */
  private static int version(Change change, Sensorium sensorium) {
    sensorium.models().settled().join();
    boolean known = sensorium.encoders().stream().anyMatch(e -> e.space().equals(ProbeModel.SPACE));
    if (!known) {
      return NONE;
    }
    Sent sent = change.isOfBundle() ? ProbeTraffic.ask(5) : ProbeTraffic.askFor(5, Subject.BASE);
    try {
      return sent.judge().version(sensorium.embed(sent.request()));
    } catch (SensoriumException e) {
      return Traffic.Judge.MIXED;
    }
  }

  /** Brings the state from before the change back. */
  private void restore(Change change, Sensorium sensorium, int version) {
    int wanted = versionBefore(change);
    if (version == wanted) {
      return;
    }
    if (wanted == NONE && change.isOfBundle()) {
      sensorium.uninstallBundle(KilledChange.BUNDLE);
    } else if (wanted == NONE) {
      sensorium.models().remove(KilledChange.MODEL);
    } else if (change.isOfBundle()) {
      Path jar = KilledChange.jar(plugIns, wanted);
      if (version == NONE) {
        sensorium.installBundle(jar);
      } else {
        sensorium.updateBundle(KilledChange.BUNDLE, jar);
      }
    } else {
      sensorium.models().install(KilledChange.model(plugIns, wanted), InstallPolicy.DEFAULT);
    }
  }

  private Path log(Change change) {
    return work.resolve("killed-" + change.name() + ".log");
  }

  private int run(Change change, int step, Path steps) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true"));
    line.addAll(classArchive());
    line.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            KilledChange.class.getName(),
            home(change).toString(),
            plugIns.toString(),
            change.name(),
            Integer.toString(step),
            steps.toString()));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(change).toFile()))
            .start();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new IOException("to %s takes longer than two minutes".formatted(change));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The archive of parsed classes that this process was started with: half of a start. */
  private static List<String> classArchive() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
        .toList();
  }

  /** What a home keeps, but for the index; of the framework's cache one a bundle. */
  private static long files(Path home) throws IOException {
    Path cache = home.resolve("bundles/cache");
    long count = 0;
    try (Stream<Path> bundles = Files.list(cache)) {
      count += bundles.count();
    }
    try (Stream<Path> walk = Files.walk(home)) {
      count +=
          walk.filter(path -> !path.startsWith(cache) && !path.startsWith(home.resolve("index")))
              .filter(Files::isRegularFile)
              .count();
    }
    return count;
  }
}
