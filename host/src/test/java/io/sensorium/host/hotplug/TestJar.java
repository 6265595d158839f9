package io.sensorium.host.hotplug;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;

/** Makes bundles at test time. One thread at a time. */
final class TestJar {
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private TestJar(String name, String version) {
    headers.put("Bundle-ManifestVersion", "2");
    headers.put("Bundle-SymbolicName", name);
    headers.put("Bundle-Version", version);
  }

  static TestJar of(String name, String version) {
    return new TestJar(name, version);
  }

  TestJar header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  TestJar file(String path, String content) {
    files.put(path, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return this;
  }

  TestJar activator(Class<? extends BundleActivator> type) throws IOException {
    String path = type.getName().replace('.', '/') + ".class";
    try (InputStream in = TestJar.class.getClassLoader().getResourceAsStream(path)) {
      files.put(path, in.readAllBytes());
    }
    headers.put("Bundle-Activator", type.getName());
    headers.put("Import-Package", "org.osgi.framework");
    return this;
  }

  Path write(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(manifest.getMainAttributes()::putValue);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue());
      }
    }
    return file;
  }
}
