package io.sensorium.host.launch;

import io.sensorium.host.api.HostStartException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The bundles that come with the host. Immutable.
 *
 * <p>They are resources of the host's jar, so that an application which depends on nothing but the
 * host finds the same ones as the command line does. The framework runs each from a file: the one
 * in a distribution's {@code bundles} folder beside {@code lib}, else a copy that the first start
 * leaves in the home.
 */
final class BundleCatalog {
  private static final String ROOT = "META-INF/sensorium/";

  private final ClassLoader resources;
  private final List<CarriedBundle> bundles;

  private BundleCatalog(ClassLoader resources, List<CarriedBundle> bundles) {
    this.resources = resources;
    this.bundles = List.copyOf(bundles);
  }

  /**
   * Reads the index that the build wrote.
   *
   * @throws HostStartException if the class path carries none
   */
  static BundleCatalog load(ClassLoader resources) {
    try (InputStream index = resources.getResourceAsStream(ROOT + "bundles.index")) {
      if (index == null) {
        throw new HostStartException(
            "the host's bundles are required on the class path; found no "
                + ROOT
                + "bundles.index (build the host with 'mvn package')");
      }
      List<CarriedBundle> bundles = new ArrayList<>();
      for (String line :
          new String(index.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.isBlank()) {
          String[] fields = line.strip().split(" ", 2);
          bundles.add(new CarriedBundle(fields[1], fields[0]));
        }
      }
      return new BundleCatalog(resources, bundles);
    } catch (IOException e) {
      throw new HostStartException("cannot read " + ROOT + "bundles.index: " + e.getMessage(), e);
    }
  }

  List<CarriedBundle> bundles() {
    return bundles;
  }

  /**
   * A file with a bundle's bytes, copied into the store unless the distribution has it.
   *
   * @param store the folder for copies; created on demand
   */
  Path locate(CarriedBundle bundle, Path store) throws IOException {
    Optional<Path> distributed =
        distributionFolder()
            .map(folder -> folder.resolve(bundle.name()))
            .filter(Files::isRegularFile);
    if (distributed.isPresent()) {
      return distributed.get();
    }
    Path copy = store.resolve(copyName(bundle));
    if (!Files.isRegularFile(copy)) {
      copyOut(bundle, copy);
    }
    return copy;
  }

  /** Deletes copies that no bundle of this catalogue needs. */
  void prune(Path store) throws IOException {
    if (!Files.isDirectory(store)) {
      return;
    }
    Set<String> needed = new HashSet<>();
    bundles.forEach(bundle -> needed.add(copyName(bundle)));
    try (Stream<Path> copies = Files.list(store)) {
      for (Path copy : copies.toList()) {
        if (!needed.contains(copy.getFileName().toString())) {
          Files.deleteIfExists(copy);
        }
      }
    }
  }

  private static String copyName(CarriedBundle bundle) {
    return bundle.sha256().substring(0, 16) + "-" + bundle.name();
  }

  private void copyOut(CarriedBundle bundle, Path copy) throws IOException {
    Files.createDirectories(copy.getParent());
    Path partial = Files.createTempFile(copy.getParent(), "bundle", ".part");
    try (InputStream bytes = resources.getResourceAsStream(ROOT + "bundles/" + bundle.name())) {
      if (bytes == null) {
        throw new HostStartException(
            "the class path must hold the bundles that it lists; %s is missing"
                .formatted(bundle.name()));
      }
      Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** The {@code bundles} folder beside the {@code lib} folder that the host's jar lies in. */
  private static Optional<Path> distributionFolder() {
    CodeSource source = BundleCatalog.class.getProtectionDomain().getCodeSource();
    if (source == null || !source.getLocation().getProtocol().equals("file")) {
      return Optional.empty();
    }
    try {
      Path library = Path.of(source.getLocation().toURI()).getParent();
      boolean distributed = library != null && library.endsWith("lib");
      return distributed
          ? Optional.of(library.resolveSibling("bundles")).filter(Files::isDirectory)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
