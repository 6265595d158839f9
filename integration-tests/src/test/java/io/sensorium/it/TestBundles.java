package io.sensorium.it;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Shape;
import io.sensorium.testkit.ProjectionPackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Writes bundles of test classes. */
final class TestBundles {
  static final String NUMBERS = "numbers";
  private static final int COUNT = 5;
  private static final int DIMENSION = 13;
  private static final String COMPONENT =
      """
      <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="numbers">
        <implementation class="io.sensorium.it.sense.NumbersEncoder"/>
        <service><provide interface="io.sensorium.api.encoder.ModalityEncoder"/></service>
        <property name="sensorium.modality" value="%1$s"/>
        <property name="sensorium.accepts" value="*.%1$s"/>
      </scr:component>
      """;

  private TestBundles() {}

  /** What is wrong with a sense. */
  enum Defect {
    NONE,
    /** Its package does not reproduce its own recording. */
    DRIFTS,
    /** Its encoder refuses its package. */
    REFUSES
  }

  /**
   * A sense of five numbers with a package of its own, both named by the modality.
   *
   * @param version of bundle and package; other versions have other weights
   */
  static Path sense(Path file, String modality, int version, Defect defect) throws IOException {
    Path folder = Files.createTempDirectory(file.getParent(), "package");
    new ProjectionPackage(
            modality,
            Integer.toString(version),
            new Modality(modality),
            new SpaceId(modality, "1"),
            Shape.of(1, COUNT),
            DIMENSION,
            Map.of("count", COUNT, "refused", defect == Defect.REFUSES),
            version)
        .writeTo(folder);
    if (defect == Defect.DRIFTS) {
      Path other = Files.createTempDirectory(file.getParent(), "other");
      new ProjectionPackage(
              modality,
              "1",
              new Modality(modality),
              new SpaceId(modality, "1"),
              Shape.of(1, COUNT),
              DIMENSION,
              Map.of(),
              version + 1_000L)
          .writeTo(other);
      Files.copy(
          other.resolve("golden.safetensors"),
          folder.resolve("golden.safetensors"),
          StandardCopyOption.REPLACE_EXISTING);
      ProjectionPackage.rehash(folder);
    }
    Manifest manifest = manifest("sense." + modality + "." + defect, version + ".0.0");
    Attributes headers = manifest.getMainAttributes();
    headers.putValue("Service-Component", "OSGI-INF/sense.xml");
    headers.putValue("Sensorium-Model-Packages", "packages/" + modality);
    headers.putValue(
        "Provide-Capability",
        "osgi.service;objectClass:List<String>=\"io.sensorium.api.encoder.ModalityEncoder\"");
    headers.putValue(
        "Require-Capability",
        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4.0)(!(version>=2.0.0)))\"");
    try (JarOutputStream jar = open(file, manifest)) {
      classes(jar, "io/sensorium/it/sense");
      entry(
          jar,
          "OSGI-INF/sense.xml",
          COMPONENT.formatted(modality).getBytes(StandardCharsets.UTF_8));
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
          entry(
              jar,
              "packages/" + modality + "/" + folder.relativize(each),
              Files.readAllBytes(each));
        }
      }
    }
    return file;
  }

  /** The bundle whose classes test from the inside. */
  static Path probe(Path file) throws IOException {
    try (JarOutputStream jar = open(file, manifest("probe", "1.0.0"))) {
      classes(jar, "io/sensorium/it/inside");
    }
    return file;
  }

  private static Manifest manifest(String name, String version) {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", name);
    headers.putValue("Bundle-Version", version);
    headers.putValue("DynamicImport-Package", "*");
    return manifest;
  }

  private static JarOutputStream open(Path file, Manifest manifest) throws IOException {
    OutputStream out = Files.newOutputStream(file);
    return new JarOutputStream(out, manifest);
  }

  private static void classes(JarOutputStream jar, String folder) throws IOException {
    Path root = Path.of("target", "test-classes");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root.resolve(folder))) {
      files = walk.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        entry(jar, root.relativize(file).toString(), in.readAllBytes());
      }
    }
  }

  private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name.replace('\\', '/')));
    jar.write(content);
    jar.closeEntry();
  }
}
