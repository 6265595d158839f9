package io.sensorium.host.launch;

import io.sensorium.host.api.HostStartException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** The packages that bundles get from the host's class path: the API and the native libraries. */
final class SystemPackages {
  private SystemPackages() {}

  /** The value of {@code org.osgi.framework.system.packages.extra}. */
  static String exports() {
    try (InputStream in = SystemPackages.class.getResourceAsStream("system-packages")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.strip().split(";", 2))
          .map(fields -> fields[0] + ";version=\"" + fields[1] + "\"")
          .collect(Collectors.joining(","));
    } catch (IOException e) {
      throw new HostStartException("cannot read the list of system packages", e);
    }
  }
}
