package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder that bundles are dropped into. Its watcher passes over what is no bundle in silence.
 */
public final class DeployFolder {
  private static final String JARS = "*.{jar,zip,war}";

  private DeployFolder() {}

  /**
   * One line for each file that looks like a bundle and is none, in the order of their names.
   *
   * @param age younger files are passed over: they may still be being copied
   */
  public static List<String> problems(Path folder, Duration age) {
    List<String> problems = new ArrayList<>();
    Instant settled = Instant.now().minus(age);
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, JARS)) {
      for (Path jar : jars) {
        if (Files.getLastModifiedTime(jar).toInstant().compareTo(settled) <= 0) {
          examine(jar, problems);
        }
      }
    } catch (IOException e) {
      problems.add("cannot read %s: %s".formatted(folder, Problems.line(e)));
    }
    problems.sort(null);
    return problems;
  }

  private static void examine(Path jar, List<String> problems) {
    try {
      BundleJar.open(jar);
    } catch (BundleException e) {
      problems.add("left out of service: " + Problems.line(e));
    }
  }
}
