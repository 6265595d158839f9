package io.sensorium.host.cli;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Tells values of a command line that make no sense from failures of the command. */
final class Usage {
  private Usage() {}

  /**
   * Makes something of what was given.
   *
   * @throws ParameterException if that refuses a value
   */
  static <T> T sensible(CommandSpec command, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
