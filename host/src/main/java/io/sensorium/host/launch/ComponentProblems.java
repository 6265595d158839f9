package io.sensorium.host.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
