package io.sensorium.host.cli;

/** What the command's exit status says. */
final class ExitCode {
  static final int OK = 0;

  /** The command failed; one line on the standard error says why. */
  static final int FAILURE = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** Done, but something was left out, for instance files that could not be read. */
  static final int PARTLY = 3;

  private ExitCode() {}
}
