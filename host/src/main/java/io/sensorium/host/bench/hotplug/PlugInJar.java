package io.sensorium.host.bench.hotplug;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Puts a bundle together out of class files of this host, folders and headers. One thread at a
 * time; {@link #write} may be called again.
 */
final class PlugInJar {
  private static final String PACKAGES = "Sensorium-Model-Packages";
  private static final String IMPORTS =
      Stream.of("", ".encoder", ".media", ".model", ".tensor")
          .map(name -> "io.sensorium.api" + name + ";version=\"[1.0,2)\"")
          .reduce((one, other) -> one + "," + other)
          .orElseThrow();
  private static final LocalDateTime WRITTEN = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private PlugInJar() {}

  /** A bundle of nothing but a name. */
  static PlugInJar named(String symbolicName, String version) {
    PlugInJar jar = new PlugInJar();
    jar.headers.put("Bundle-ManifestVersion", "2");
    jar.headers.put("Bundle-SymbolicName", symbolicName);
    jar.headers.put("Bundle-Version", version);
    jar.headers.put("Import-Package", IMPORTS);
    return jar;
  }

  /** A copy of a bundle under another name and version. */
  static PlugInJar like(Path bundle, String symbolicName, String version) throws IOException {
    PlugInJar copy = new PlugInJar();
    try (JarFile jar = new JarFile(bundle.toFile())) {
      jar.getManifest()
          .getMainAttributes()
          .forEach((name, value) -> copy.headers.put(name.toString(), value.toString()));
      for (JarEntry entry : jar.stream().filter(each -> !each.isDirectory()).toList()) {
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
          try (InputStream in = jar.getInputStream(entry)) {
            copy.entries.put(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
    return copy.header("Bundle-SymbolicName", symbolicName).header("Bundle-Version", version);
  }

  PlugInJar header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Imports another package. */
  PlugInJar imports(String name) {
    return header("Import-Package", headers.get("Import-Package") + "," + name);
  }

  /** Adds a class file of this host. */
  PlugInJar with(Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
      entries.put(name, in.readAllBytes());
    }
    return this;
  }

  /** Adds an encoder as a component of Declarative Services. */
  PlugInJar encoder(Class<?> type, Map<String, Object> properties) throws IOException {
    StringBuilder xml = new StringBuilder();
    xml.append("<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" name=\"")
        .append(type.getName())
        .append("\" activate=\"activate\">\n");
    properties.forEach(
        (key, value) ->
            xml.append(
                "<property name=\"%s\" type=\"%s\" value=\"%s\"/>\n"
                    .formatted(key, value.getClass().getSimpleName(), value)));
    xml.append(
        "<service><provide interface=\"io.sensorium.api.encoder.ModalityEncoder\"/></service>\n");
    xml.append("<implementation class=\"")
        .append(type.getName())
        .append("\"/>\n</scr:component>\n");
    entries.put("OSGI-INF/probe.xml", xml.toString().getBytes(StandardCharsets.UTF_8));
    header("Service-Component", "OSGI-INF/probe.xml");
    header(
        "Provide-Capability",
        "osgi.service;objectClass:List<String>=\"io.sensorium.api.encoder.ModalityEncoder\"");
    header(
        "Require-Capability",
        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.5)(!(version>=2)))\"");
    return with(type);
  }

  /** Adds a model package, a folder. */
  PlugInJar carrying(Path folder) throws IOException {
    String root = "packages/" + folder.getFileName();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      entries.put(
          root + "/" + folder.relativize(file).toString().replace('\\', '/'),
          Files.readAllBytes(file));
    }
    return header(PACKAGES, root);
  }

  /** Writes the jar; the same content gives the same bytes. */
  Path write(Path file) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(attributes::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    manifest.write(head);
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      add(jar, JarFile.MANIFEST_NAME, head.toByteArray());
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        add(jar, entry.getKey(), entry.getValue());
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      bytes.writeTo(out);
    }
    return file;
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTimeLocal(WRITTEN);
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }
}
