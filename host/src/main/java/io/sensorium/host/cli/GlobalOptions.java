package io.sensorium.host.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
public final class GlobalOptions {
  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one line of JSON instead of text.")
  private boolean json;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "The folder that keeps models, index and bundles (default: $SENSORIUM_HOME or"
              + " ~/.sensorium).")
  private Path home;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      scope = ScopeType.INHERIT,
      description = "cpu, cuda, cuda:N or auto (default: cpu).")
  private String device;

  @Option(
      names = "--trust",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description =
          "A file or folder of certificates and *.sha256 files: only bundles that they vouch for"
              + " come in (default: the home's folder 'trust', if there is one).")
  private Path trust;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log to the standard error and show stack traces.")
  private boolean verbose;

  /** Whether to print JSON. */
  public boolean json() {
    return json;
  }

  /** The home's absolute path. */
  public Path home() {
    Path chosen = home;
    if (chosen == null) {
      String variable = System.getenv("SENSORIUM_HOME");
      chosen =
          variable == null || variable.isBlank()
              ? Path.of(System.getProperty("user.home"), ".sensorium")
              : Path.of(variable);
    }
    return chosen.toAbsolutePath().normalize();
  }

  /** The device asked for; null for the usual one. */
  public String device() {
    return device;
  }

  /** What says which bundles are trusted; null for the usual. */
  public Path trust() {
    return trust;
  }

  /** Whether to log and to show stack traces. */
  public boolean verbose() {
    return verbose;
  }
}
