package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Version;

class SystemPackagesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io/sensorium/api/Modality.class",
        "ai/onnxruntime/OrtSession.class",
        "ai/djl/huggingface/tokenizers/HuggingFaceTokenizer.class",
        "ai/djl/Model.class",
        "org/slf4j/Logger.class",
        "org/apache/felix/hc/api/HealthCheck.class",
        "com/fasterxml/jackson/databind/ObjectMapper.class",
        "com/fasterxml/jackson/core/JsonParser.class",
        "com/fasterxml/jackson/annotation/JsonProperty.class"
      })
  void exportEveryPackageOfALibraryThatBundlesShare(String anyClass) throws Exception {
    Set<String> exported =
        Stream.of(SystemPackages.exports().split(",", -1))
            .map(export -> export.split(";", 2)[0])
            .collect(Collectors.toSet());

    assertThat(exported).containsAll(packagesBeside(anyClass));
  }

  @Test
  void haveVersionsThatOsgiUnderstands() {
    assertThat(SystemPackages.exports().split(",", -1))
        .allSatisfy(
            export -> {
              assertThat(export).matches("[A-Za-z0-9_.]+;version=\"[0-9.]+\"");
              String version = export.split("\"", -1)[1];
              assertThat(Version.parseVersion(version)).isGreaterThan(Version.emptyVersion);
            });
  }

  private static Set<String> packagesBeside(String anyClass) throws Exception {
    URL url = SystemPackagesTest.class.getClassLoader().getResource(anyClass);
    Set<String> packages = new TreeSet<>();
    if (url.openConnection() instanceof JarURLConnection connection) {
      try (JarFile jar = new JarFile(connection.getJarFile().getName())) {
        jar.stream().forEach(entry -> addPackage(entry.getName(), packages));
      }
    } else {
      Path root = Path.of(url.toURI());
      for (int i = anyClass.split("/", -1).length; i > 0; i--) {
        root = root.getParent();
      }
      addPackagesBelow(root, packages);
    }
    return packages;
  }

  private static void addPackagesBelow(Path root, Set<String> packages) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      files.forEach(file -> addPackage(root.relativize(file).toString(), packages));
    }
  }

  private static void addPackage(String entry, Set<String> packages) {
    boolean shared =
        entry.endsWith(".class") && entry.contains("/") && !entry.startsWith("META-INF");
    if (shared && !entry.contains("/internal/shaded/")) {
      packages.add(entry.substring(0, entry.lastIndexOf('/')).replace('/', '.'));
    }
  }
}
