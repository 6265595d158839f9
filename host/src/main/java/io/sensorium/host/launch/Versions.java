package io.sensorium.host.launch;

import io.sensorium.host.api.HostStartException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The versions that this host was built of. */
public final class Versions {
  private Versions() {}

  /** By component, the host first. */
  public static Map<String, String> all() {
    Properties built = read();
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("sensorium", built.getProperty("sensorium"));
    versions.put("java", System.getProperty("java.vendor") + " " + Runtime.version());
    versions.put("onnxruntime", built.getProperty("onnxruntime"));
    versions.put("lucene", built.getProperty("lucene"));
    versions.put("djl", built.getProperty("djl"));
    versions.put("felix", built.getProperty("felix"));
    versions.put(
        "os",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    return versions;
  }

  /** The host's own version. */
  public static String host() {
    return all().get("sensorium");
  }

  /** The commit that the host was built from; {@code unknown} outside a repository. */
  public static String commit() {
    String commit = read().getProperty("commit");
    return commit.startsWith("$") ? "unknown" : commit;
  }

  private static Properties read() {
    Properties built = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new HostStartException("cannot read the list of versions", e);
    }
    return built;
  }
}
