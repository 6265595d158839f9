package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Who signed a jar, all of it. */
final class JarSignature {
  private JarSignature() {}

  /**
   * Everybody who signed every file of a jar; nobody if it is not signed at all. Cost: reads the
   * whole jar.
   *
   * @throws BundleException if a signature is there and does not cover what the jar holds
   */
  static Set<CodeSigner> signers(Path file) {
    try (JarFile jar = new JarFile(file.toFile(), true)) {
      List<JarEntry> content = new ArrayList<>();
      boolean signed = false;
      for (JarEntry entry : jar.stream().toList()) {
        if (isSignature(entry.getName())) {
          signed = true;
        } else if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          content.add(entry);
        }
      }
      return signed ? signers(jar, content) : Set.of();
    } catch (SecurityException | IOException e) {
      throw broken(file, Problems.line(e), e);
    }
  }

  private static Set<CodeSigner> signers(JarFile jar, List<JarEntry> content) throws IOException {
    Set<CodeSigner> common = null;
    for (JarEntry entry : content) {
      try (InputStream in = jar.getInputStream(entry)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      CodeSigner[] signers = entry.getCodeSigners();
      if (signers == null) {
        throw new SecurityException(entry.getName() + " is not what was signed");
      }
      if (common == null) {
        common = new LinkedHashSet<>(Arrays.asList(signers));
      } else {
        common.retainAll(Arrays.asList(signers));
      }
    }
    requireComplete(jar);
    if (common == null || common.isEmpty()) {
      throw new SecurityException("nobody signed all of it");
    }
    return common;
  }

  /** Reading tells of files that were changed or added, never of those that were taken out. */
  private static void requireComplete(JarFile jar) throws IOException {
    Manifest manifest = jar.getManifest();
    for (String name : manifest.getEntries().keySet()) {
      if (jar.getEntry(name) == null) {
        throw new SecurityException(name + " was signed and is missing");
      }
    }
  }

  private static boolean isSignature(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (!upper.startsWith("META-INF/") || upper.indexOf('/', "META-INF/".length()) >= 0) {
      return false;
    }
    return upper.startsWith("META-INF/SIG-")
        || upper.endsWith(".SF")
        || upper.endsWith(".RSA")
        || upper.endsWith(".DSA")
        || upper.endsWith(".EC");
  }

  private static BundleException broken(Path file, String problem, Exception cause) {
    return new BundleException(
        "the signature of %s must be whole: %s".formatted(file.getFileName(), problem), cause);
  }
}
