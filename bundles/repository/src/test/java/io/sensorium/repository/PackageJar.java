package io.sensorium.repository;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar of a bundle that carries model packages, before it is written. One thread at a time. */
final class PackageJar {
  private final Map<String, String> headers = new TreeMap<>();
  private final Map<String, Path> folders = new TreeMap<>();
  private final List<String> carried = new ArrayList<>();

  private PackageJar(String name) {
    header("Bundle-ManifestVersion", "2");
    header("Bundle-SymbolicName", name);
    version("0.0.0");
  }

  /**
   * @param name the bundle's symbolic name
   */
  static PackageJar of(String name) {
    return new PackageJar(name);
  }

  PackageJar version(String version) {
    return header("Bundle-Version", version);
  }

  PackageJar header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Puts a package in and says so in the manifest. */
  PackageJar with(String id, Path folder) {
    folders.put(id, folder);
    return withAbsent(id);
  }

  /** Says of a package that it is in, and leaves it out. */
  PackageJar withAbsent(String id) {
    carried.add("packages/" + id);
    return this;
  }

  Path write(Path file) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(attributes::putValue);
    attributes.putValue(BundledPackages.HEADER, String.join(", ", carried));
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, Path> folder : folders.entrySet()) {
        for (Path each : TestPackages.files(folder.getValue())) {
          String entry = folder.getValue().relativize(each).toString();
          jar.putNextEntry(new JarEntry("packages/" + folder.getKey() + "/" + entry));
          Files.copy(each, jar);
          jar.closeEntry();
        }
      }
    }
    return file;
  }
}
