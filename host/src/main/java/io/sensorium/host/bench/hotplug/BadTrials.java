package io.sensorium.host.bench.hotplug;

import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.space.Embedding;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.bench.hotplug.BadFigures.Outcome;
import io.sensorium.host.bench.hotplug.Traffic.Sent;
import io.sensorium.host.launch.FileTree;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings every kind of bad plug-in, as an update of one that works and as one more beside it, while
 * it and another modality are asked.
 */
final class BadTrials {
  private static final String WORKING = "hotplug-probe";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final double PER_SECOND = 60;

  private final ChangedHost host;
  private final Path folder;
  private final PlugInPolicy policy;
  private final long seed;
  private final TrialProgress progress;
  private final Map<BadPlugIn, Outcome> outcomes = new EnumMap<>(BadPlugIn.class);
  private int newcomers;

  /**
   * @param policy of the host, whose limits end what hangs
   */
  BadTrials(ChangedHost host, Path folder, PlugInPolicy policy, long seed, TrialProgress progress) {
    this.host = host;
    this.folder = folder;
    this.policy = policy;
    this.seed = seed;
    this.progress = progress;
  }

  /** Writes a file that trusts the versions before and of the one that works, and no other. */
  static Path pins(Path folder) throws IOException {
    for (int version = Subject.BASE; version <= Subject.FIRST; version++) {
      Subject.probe(folder, WORKING, version);
    }
    List<String> hashes = PackageFiles.hash(folder).stream().map(ModelFile::sha256).toList();
    return Files.write(folder.resolve("pins.sha256"), hashes);
  }

  /** Each of these kinds so many times. */
  BadFigures run(int rounds, Set<BadPlugIn> kinds) throws IOException {
    host.sensorium().installBundle(Subject.probe(folder, WORKING, Subject.FIRST));
    Traffic sentences =
        new SentenceTraffic(
            request -> host.embeddings().embed(request, RequestContext.within(PATIENCE)));
    OpenLoopLoad own = new OpenLoopLoad(host::embeddings, new ProbeTraffic(), PER_SECOND, seed);
    OpenLoopLoad other = new OpenLoopLoad(host::embeddings, sentences, PER_SECOND, seed + 1);
    try (own;
        other) {
      long done = 0;
      long total = (long) rounds * kinds.size();
      for (int round = 0; round < rounds; round++) {
        for (BadPlugIn kind : kinds) {
          outcomes.merge(kind, attempt(kind), Outcome::plus);
          progress.show(
              ++done,
              total,
              "bad plug-ins, %s; %d requests failed"
                  .formatted(kind.name(), own.failed() + other.failed()));
        }
      }
    }
    List<String> problems = new ArrayList<>(own.problems());
    problems.addAll(other.problems());
    return new BadFigures(
        rounds,
        outcomes,
        own.sent() + other.sent(),
        own.failed() + other.failed(),
        own.mixed() + other.mixed(),
        problems);
  }

  private Outcome attempt(BadPlugIn kind) throws IOException {
    Path place = Files.createDirectory(folder.resolve("bad"));
    try {
      Path update = kind.write(ProbeModel.of(WORKING, Subject.SECOND), place);
      Outcome updated = outcome(kind, () -> host.sensorium().updateBundle(WORKING, update));
      if (kind.isUpdateOnly()) {
        return updated;
      }
      String newcomer = "hotplug-bad-" + newcomers++;
      Path install = kind.write(ProbeModel.of(newcomer, Subject.SECOND), place);
      Outcome installed = outcome(kind, () -> host.sensorium().installBundle(install));
      host.bundle(newcomer)
          .filter(bundle -> bundle.state().equals("ACTIVE"))
          .ifPresent(bundle -> host.sensorium().uninstallBundle(newcomer));
      return updated.plus(installed);
    } finally {
      FileTree.delete(place);
    }
  }

  private Outcome outcome(BadPlugIn kind, Runnable change) {
    long start = System.nanoTime();
    String reason = "";
    boolean refused = false;
    try {
      change.run();
    } catch (BundleException e) {
      refused = true;
      reason = String.valueOf(e.getMessage());
    }
    long tookNanos = System.nanoTime() - start;
    long limitNanos = kind.limit(policy).toNanos();
    return new Outcome(
        1,
        refused ? 1 : 0,
        kind.isToldBy(reason) ? 1 : 0,
        serves() ? 1 : 0,
        limitNanos / 1e9,
        Math.max(0, tookNanos - limitNanos) / 1e9,
        reason);
  }

  /** Whether the one that worked does, in its version, and is listed so. */
  private boolean serves() {
    Sent sent = ProbeTraffic.ask(5);
    Embedding answer;
    try {
      answer = host.embeddings().embed(sent.request(), RequestContext.within(PATIENCE));
    } catch (SensoriumException e) {
      return false;
    }
    int version = sent.judge().version(answer);
    List<BundleStatus> active =
        host.bundles(WORKING).stream().filter(each -> each.state().equals("ACTIVE")).toList();
    return version == Subject.FIRST
        && active.size() == 1
        && active.getFirst().version().equals(Subject.FIRST + ".0.0");
  }
}
