package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar that declares itself a bundle.
 *
 * @param file the jar
 * @param symbolicName what the bundle calls itself, safe as a file name
 * @param version its version
 * @param fragmentOf the bundle that it would be a part of; null for a bundle of its own
 */
record BundleJar(Path file, String symbolicName, Version version, String fragmentOf) {
  private static final int LONGEST_NAME = 150;

  /**
   * Looks into a jar before the framework does, so that a wrong file costs one clear line.
   *
   * @throws BundleException if it is missing, damaged or no bundle that can be started
   */
  static BundleJar open(Path file) {
    BundleJar bundle = read(file);
    if (bundle.fragmentOf() != null) {
      throw new BundleException(
          "a bundle that can be started is required; %s is a fragment of %s"
              .formatted(file, bundle.fragmentOf()));
    }
    return bundle;
  }

  /** As {@link #open}, for fragments as well. */
  static BundleJar read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BundleException("a bundle's jar is required; no such file: " + file);
    }
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
      return new BundleJar(
          file,
          name(file, headers),
          version(file, headers),
          headers.getValue(Constants.FRAGMENT_HOST));
    } catch (IOException | SecurityException e) {
      throw new BundleException("%s is no jar: %s".formatted(file, Problems.line(e)), e);
    }
  }

  /** The same bundle in another file. */
  BundleJar at(Path other) {
    return new BundleJar(other, symbolicName, version, fragmentOf);
  }

  private static String name(Path file, Attributes headers) {
    String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
    if (name == null) {
      throw new BundleException(
          "a bundle's jar needs a Bundle-SymbolicName in its manifest; %s has none"
              .formatted(file));
    }
    String bare = name.split(";", 2)[0].strip();
    if (!bare.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*") || bare.length() > LONGEST_NAME) {
      throw new BundleException(
          "a Bundle-SymbolicName must be dotted words of at most %d characters; %s has '%s'"
              .formatted(LONGEST_NAME, file, bare));
    }
    return bare;
  }

  private static Version version(Path file, Attributes headers) {
    try {
      return Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION));
    } catch (IllegalArgumentException e) {
      throw new BundleException(
          "a Bundle-Version must be like 1.2.3 or 1.2.3.word; %s has '%s'"
              .formatted(file, headers.getValue(Constants.BUNDLE_VERSION)),
          e);
    }
  }
}
