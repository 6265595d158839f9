package io.sensorium.host.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Says why a service may be missing: bundles that are not active. */
public final class ComponentProblems {
  private ComponentProblems() {}

  /** One line. */
  public static String describe(BundleContext context) {
    List<String> problems = new ArrayList<>(inactive(context));
    return problems.isEmpty() ? "all bundles are active" : String.join("; ", problems);
  }

  /** The bundles that should be active and are not. */
  public static List<String> inactive(BundleContext context) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
        .filter(bundle -> bundle.adapt(BundleStartLevel.class).isPersistentlyStarted())
        .map(ComponentProblems::reason)
        .toList();
  }

  /** The jars in the deploy folder that did not become bundles: damaged, or something else. */
  public static List<String> notDeployed(BundleContext context, HomeFolder home) {
    Set<String> locations =
        Arrays.stream(context.getBundles()).map(Bundle::getLocation).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(home.deploy())) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .filter(file -> locations.stream().noneMatch(each -> each.endsWith(nameIn(file))))
          .sorted()
          .map(ComponentProblems::whyNotDeployed)
          .toList();
    } catch (IOException e) {
      return List.of("the deploy folder cannot be read: " + Problems.line(e));
    }
  }

  /** A location is the file's URI, which quotes some characters. */
  private static String nameIn(Path file) {
    return "/" + file.getFileName().toUri().getRawPath().replaceFirst(".*/", "");
  }

  private static String whyNotDeployed(Path file) {
    try {
      BundleJar.open(file);
      return file + " is not installed yet";
    } catch (io.sensorium.host.api.BundleException e) {
      return Problems.line(e);
    }
  }

  /** Only an attempt to start tells why a bundle does not resolve. */
  private static String reason(Bundle bundle) {
    try {
      bundle.start();
      return bundle.getSymbolicName() + " had to be started by hand";
    } catch (BundleException e) {
      return bundle.getSymbolicName() + ": " + Problems.line(e);
    }
  }
}
