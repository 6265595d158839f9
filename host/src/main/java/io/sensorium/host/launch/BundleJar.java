package io.sensorium.host.launch;

import io.sensorium.host.api.BundleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * A jar that declares itself a bundle.
 *
 * @param file the jar
 * @param symbolicName what the bundle calls itself, safe as a file name
 */
record BundleJar(Path file, String symbolicName) {

  /**
   * Looks into a jar before the framework does, so that a wrong file costs one clear line.
   *
   * @throws BundleException if it is missing, damaged or no bundle
   */
  static BundleJar open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BundleException("a bundle's jar is required; no such file: " + file);
    }
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null) {
        throw new BundleException(
            "a bundle's jar needs a Bundle-SymbolicName in its manifest; %s has none"
                .formatted(file));
      }
      String bare = name.split(";", 2)[0].strip();
      if (!bare.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*") || bare.length() > 200) {
        throw new BundleException(
            "a Bundle-SymbolicName must be dotted words; %s has '%s'".formatted(file, bare));
      }
      return new BundleJar(file, bare);
    } catch (IOException e) {
      throw new BundleException("%s is no jar: %s".formatted(file, Problems.line(e)), e);
    }
  }
}
