package io.sensorium.host.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Felix remembers of installed bundles, and whether it still fits the host.
 *
 * <p>A fingerprint beside the cache lists the bundles (hash and file), the exported packages and
 * the Java version that it was built with. It is written last and deleted first, so that a start
 * that was killed half-way leaves no cache that looks whole.
 */
final class FrameworkCache {
  private final HomeFolder home;
  private final List<Located> bundles;
  private final String fingerprint;

  private FrameworkCache(HomeFolder home, List<Located> bundles, String fingerprint) {
    this.home = home;
    this.bundles = List.copyOf(bundles);
    this.fingerprint = fingerprint;
  }

  /** A carried bundle and the file that the framework runs it from. */
  record Located(CarriedBundle bundle, Path file) {}

  static FrameworkCache prepare(BundleCatalog catalog, HomeFolder home) throws IOException {
    List<Located> located = new ArrayList<>();
    StringBuilder fingerprint = new StringBuilder();
    for (CarriedBundle bundle : catalog.bundles()) {
      Path file = catalog.locate(bundle, home.carriedCopies());
      located.add(new Located(bundle, file));
      fingerprint.append(bundle.sha256()).append(' ').append(file).append('\n');
    }
    fingerprint
        .append("layout 2\njava ")
        .append(Runtime.version())
        .append('\n')
        .append(SystemPackages.exports())
        .append('\n');
    FrameworkCache cache = new FrameworkCache(home, located, fingerprint.toString());
    if (!cache.isReusable()) {
      catalog.prune(home.carriedCopies());
    }
    return cache;
  }

  List<Located> bundles() {
    return bundles;
  }

  boolean isReusable() {
    try {
      return Files.isRegularFile(home.fingerprint())
          && Files.readString(home.fingerprint()).equals(fingerprint);
    } catch (IOException e) {
      // Damaged beyond reading: as good as absent.
      return false;
    }
  }

  void markReusable() throws IOException {
    Files.writeString(home.fingerprint(), fingerprint, StandardCharsets.UTF_8);
  }

  void wipe() throws IOException {
    Files.deleteIfExists(home.fingerprint());
    FileTree.delete(home.frameworkCache());
  }
}
