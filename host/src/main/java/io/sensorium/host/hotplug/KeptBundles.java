package io.sensorium.host.hotplug;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars that a home keeps: one committed generation a name.
 *
 * <p>A record {@code NAME.json} says which jar is the committed one and its hash. It is replaced in
 * one step, when everything it speaks of has reached the disk: that step is when a change happened.
 * Jars that no record names are what a crash left. Thread-safe; changes of one name are made by one
 * thread at a time.
 */
final class KeptBundles {
  private static final Logger LOG = LoggerFactory.getLogger(KeptBundles.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RECORD = ".json";
  private static final String GENERATION = "-\\d+-[0-9a-f]{16}\\.jar";

  private final Path folder;
  private final Path setAside;
  private final Generations generations;
  private final Map<String, KeptBundle> records = new ConcurrentHashMap<>();

  /**
   * @param setAside where damaged jars are moved, for whoever wants to look at them
   */
  KeptBundles(Path folder, Path setAside, Generations generations) {
    this.folder = folder;
    this.setAside = setAside;
    this.generations = generations;
  }

  /**
   * A jar that lies in the home and is not committed.
   *
   * @param jar the copy
   * @param sha256 of its bytes
   */
  record Staged(BundleJar jar, String sha256) {}

  /** Copies a jar into the home, to the disk itself; what it is now it stays. */
  Staged stage(BundleJar jar) throws IOException {
    Files.createDirectories(folder);
    Path partial = Files.createTempFile(folder, "bundle", ".part");
    try {
      String sha256;
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        sha256 = Hashes.copy(jar.file(), out);
        channel.force(true);
      }
      Path file =
          folder.resolve(
              "%s-%d-%s.jar"
                  .formatted(jar.symbolicName(), generations.next(), sha256.substring(0, 16)));
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      return new Staged(jar.at(file), sha256);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Makes a jar that lies in the folder the one of its name.
   *
   * @return the record that it replaces; its jar is still there
   */
  Optional<KeptBundle> commit(KeptBundle bundle) throws IOException {
    Path partial = Files.createTempFile(folder, "record", ".part");
    try {
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(bundle));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(partial, record(bundle.name()), StandardCopyOption.ATOMIC_MOVE);
      forceFolder();
    } finally {
      Files.deleteIfExists(partial);
    }
    return Optional.ofNullable(records.put(bundle.name(), bundle));
  }

  /** Keeps a name no longer; the jar is still there. */
  Optional<KeptBundle> forget(String name) throws IOException {
    Files.deleteIfExists(record(name));
    forceFolder();
    return Optional.ofNullable(records.remove(name));
  }

  Optional<KeptBundle> find(String name) {
    return Optional.ofNullable(records.get(name));
  }

  /** Every committed generation, by name. */
  List<KeptBundle> all() {
    return records.values().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  Path jar(KeptBundle bundle) {
    return folder.resolve(bundle.file());
  }

  /** Deletes a jar that is not needed any more; one that cannot be deleted goes with a start. */
  void discard(Path jar) {
    try {
      Files.deleteIfExists(jar);
    } catch (IOException e) {
      LOG.warn("{} is not needed any more and cannot be deleted: {}", jar, Problems.line(e));
    }
  }

  /**
   * Reads what earlier runs committed, checks every jar against its hash and sets aside what does
   * not fit. Called once, before any other method.
   *
   * @return one reason a name that was set aside
   */
  Map<String, String> recover() throws IOException {
    Files.createDirectories(folder);
    Map<String, String> damaged = new ConcurrentHashMap<>();
    for (Path file : files(RECORD)) {
      String name = file.getFileName().toString();
      name = name.substring(0, name.length() - RECORD.length());
      try {
        KeptBundle bundle = JSON.readValue(file.toFile(), KeptBundle.class);
        require(bundle, name);
        records.put(name, bundle);
      } catch (IOException | IllegalArgumentException e) {
        String reason = "its kept jar is not what was installed: " + Problems.line(e);
        damaged.put(name, reason);
        setAside(name, file);
      }
    }
    return damaged;
  }

  /** Deletes what a crash left; called when no framework uses it. */
  void sweep() throws IOException {
    List<String> needed = records.values().stream().map(KeptBundle::file).toList();
    for (Path jar : files(".jar")) {
      if (!needed.contains(jar.getFileName().toString())) {
        discard(jar);
      }
    }
    files(".part").forEach(this::discard);
  }

  /** The jars that {@link #stage} did not name. */
  List<Path> strangers() throws IOException {
    return files(".jar").stream()
        .filter(jar -> !jar.getFileName().toString().matches(".+" + GENERATION))
        .toList();
  }

  private void require(KeptBundle bundle, String name) throws IOException {
    if (!bundle.name().equals(name)) {
      throw new IllegalArgumentException(
          "the record of %s speaks of %s".formatted(name, bundle.name()));
    }
    String found = Hashes.sha256(jar(bundle));
    if (!found.equals(bundle.sha256())) {
      throw new IllegalArgumentException(
          "%s must have the sha-256 %s; got %s".formatted(bundle.file(), bundle.sha256(), found));
    }
  }

  /** Every jar that may be meant goes along: a damaged record does not say which. */
  private void setAside(String name, Path record) throws IOException {
    Files.createDirectories(setAside);
    List<Path> moved = new ArrayList<>(List.of(record));
    for (Path jar : files(".jar")) {
      if (jar.getFileName().toString().matches(Pattern.quote(name) + GENERATION)) {
        moved.add(jar);
      }
    }
    for (Path file : moved) {
      Files.move(file, setAside.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private Path record(String name) {
    return folder.resolve(name + RECORD);
  }

  private void forceFolder() {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Where folders cannot be opened, renames are as durable as the file system makes them.
      LOG.debug("{} cannot be forced to the disk", folder, e);
    }
  }
}
