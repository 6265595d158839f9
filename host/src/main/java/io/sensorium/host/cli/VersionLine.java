package io.sensorium.host.cli;

import io.sensorium.host.launch.Versions;
import picocli.CommandLine.IVersionProvider;

/** Answers {@code --version}. */
final class VersionLine implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"sensorium " + Versions.host()};
  }
}
