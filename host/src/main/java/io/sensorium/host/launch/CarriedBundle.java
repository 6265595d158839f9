package io.sensorium.host.launch;

/**
 * One bundle jar that the host carries as a class-path resource.
 *
 * @param name the jar's file name
 * @param sha256 of its bytes, 64 lower-case hexadecimal digits
 */
record CarriedBundle(String name, String sha256) {
  CarriedBundle {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.jar") || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a carried bundle needs a jar's name and sha-256; got '%s' '%s'".formatted(name, sha256));
    }
  }

  /** Bundles that only an interactive shell needs; they are started when one is asked for. */
  boolean isShell() {
    return name.startsWith("org.apache.felix.gogo.") || name.startsWith("sensorium-shell-");
  }

  /** Watches the deploy folder; started when everything else is there. */
  boolean isDeployWatcher() {
    return name.startsWith("org.apache.felix.fileinstall-");
  }

  /** Active in every host. */
  boolean isEssential() {
    return !isShell() && !isDeployWatcher();
  }
}
