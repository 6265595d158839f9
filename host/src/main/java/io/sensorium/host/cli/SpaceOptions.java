package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.SpaceChoice;
import picocli.CommandLine.Option;

/** Which of several spaces a command is about. */
final class SpaceOptions {
  @Option(
      names = "--space",
      paramLabel = "NAME",
      description = "The space to work in, instead of the host's default.")
  private String space;

  @Option(
      names = "--model",
      paramLabel = "ID",
      description = "Work in the space that this model embeds into.")
  private String model;

  SpaceChoice choice() {
    return new SpaceChoice(space, model);
  }
}
