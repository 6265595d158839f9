package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.hotplug.KeptBundle.Source;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in what is dropped into the deploy folder, by the same protocol as everything else. A file
 * that fails is left lying and out of service; what it would have replaced serves on. A file waits
 * for no other, unless both have the same symbolic name. Thread-safe.
 *
 * <p>A bundle may be dropped in as a new version of any that is there. Of two files with the same
 * symbolic name the higher version counts.
 */
final class DeployedBundles {
  private static final Logger LOG = LoggerFactory.getLogger(DeployedBundles.class);

  private final Path folder;
  private final BundleChanges changes;
  private final KeptBundles kept;
  private final InstalledBundles installed;
  private final Quarantine quarantine;
  private final DeployTurns turns;
  private final Map<Path, Refused> refused = new ConcurrentHashMap<>();

  DeployedBundles(
      Path folder,
      BundleChanges changes,
      KeptBundles kept,
      InstalledBundles installed,
      Quarantine quarantine,
      DeployTurns turns) {
    this.folder = folder;
    this.changes = changes;
    this.kept = kept;
    this.installed = installed;
    this.quarantine = quarantine;
    this.turns = turns;
  }

  /**
   * Why a file was left out.
   *
   * @param name what it calls itself; blank if it is no bundle
   * @param tried whether it failed, which listeners were told; if not, it was passed over
   */
  private record Refused(String name, String reason, boolean tried) {}

  /** A file is there, for the first time or changed. Does not wait until it was taken in. */
  void deploy(Path file) {
    turns.add(file, () -> takeIn(file));
  }

  private void takeIn(Path file) {
    String name = "";
    try {
      BundleJar jar = BundleJar.open(file);
      name = jar.symbolicName();
      Optional<String> passedOver = changes.exclusively(name, () -> take(jar));
      passedOver.ifPresentOrElse(
          reason -> leaveOut(file, new Refused(jar.symbolicName(), reason, false)),
          () -> refused.remove(file));
    } catch (BundleException e) {
      leaveOut(file, new Refused(name, Problems.line(e), true));
    }
  }

  private void leaveOut(Path file, Refused why) {
    refused.put(file, why);
    LOG.warn("{} is left out of service: {}", file, why.reason());
  }

  /** Answers why the file is passed over, if it is. */
  private Optional<String> take(BundleJar jar) {
    Source source = new Source(jar.file().getFileName().toString(), hash(jar.file()));
    Optional<KeptBundle> record = kept.find(jar.symbolicName());
    Optional<Bundle> present = installed.find(jar.symbolicName());
    boolean isHandled = record.filter(known -> source.equals(known.source())).isPresent();
    if (present.isPresent() && isHandled) {
      quarantine.forget(jar.symbolicName(), present.get().getBundleId());
      return Optional.empty();
    }
    Optional<String> preceded = record.flatMap(known -> precedence(jar, source, known));
    if (preceded.isPresent()) {
      return preceded;
    }
    boolean isThere = record.filter(known -> known.sha256().equals(source.sha256())).isPresent();
    if (present.isPresent() && isThere) {
      adopt(record.get().from(source));
    } else {
      changes.bring(jar, present, source);
    }
    return Optional.empty();
  }

  /** Another file of the same bundle that lies there too keeps its place against lower versions. */
  private Optional<String> precedence(BundleJar jar, Source source, KeptBundle known) {
    Source other = known.source();
    boolean isPreceded =
        other != null
            && !other.name().equals(source.name())
            && Files.isRegularFile(folder.resolve(other.name()))
            && jar.version().compareTo(Version.parseVersion(known.version())) <= 0;
    return isPreceded
        ? Optional.of(
            "%s %s is not newer than version %s in %s, which lies beside it"
                .formatted(jar.symbolicName(), jar.version(), known.version(), other.name()))
        : Optional.empty();
  }

  private void adopt(KeptBundle record) {
    try {
      kept.commit(record);
    } catch (IOException e) {
      throw new BundleException("cannot keep %s: %s".formatted(record.name(), Problems.line(e)), e);
    }
  }

  private static String hash(Path file) {
    try {
      return Hashes.sha256(file);
    } catch (IOException e) {
      throw new BundleException("cannot read %s: %s".formatted(file, Problems.line(e)), e);
    }
  }

  /**
   * A file was taken away: its bundle goes, unless it came from another file since. Does not wait
   * until it is gone.
   */
  void withdraw(Path file) {
    turns.add(file, () -> takeOut(file));
  }

  private void takeOut(Path file) {
    Refused failed = refused.remove(file);
    if (failed != null) {
      quarantine.forget(failed.name(), Quarantine.NO_BUNDLE);
    }
    String source = file.getFileName().toString();
    kept.all().stream()
        .filter(record -> record.isFrom(source))
        .forEach(record -> withdraw(record.name(), source));
  }

  private void withdraw(String name, String source) {
    try {
      changes.exclusively(
          name,
          () -> {
            boolean own = kept.find(name).filter(record -> record.isFrom(source)).isPresent();
            if (own) {
              installed.find(name).ifPresent(changes::remove);
            }
            return name;
          });
    } catch (BundleException e) {
      LOG.warn("{} cannot be removed: {}", name, Problems.line(e));
      return;
    }
    deployOthers(name);
  }

  /** A lower version that lay beside the file is the best that is left. */
  private void deployOthers(String name) {
    refused.entrySet().stream()
        .filter(entry -> entry.getValue().name().equals(name))
        .map(Map.Entry::getKey)
        .filter(Files::isRegularFile)
        .sorted()
        .forEach(this::deploy);
  }

  /** One line for each bundle that lies in the folder and was passed over; nobody else tells. */
  List<String> problems() {
    return refused.entrySet().stream()
        .filter(entry -> !entry.getValue().tried())
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                "%s is left out of service: %s"
                    .formatted(entry.getKey(), entry.getValue().reason()))
        .toList();
  }
}
