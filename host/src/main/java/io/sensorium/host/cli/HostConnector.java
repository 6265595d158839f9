package io.sensorium.host.cli;

import io.sensorium.host.operations.HostOperations;

/** Reaches the host of a home: one that runs already, else one started for this command alone. */
@FunctionalInterface
public interface HostConnector {
  /**
   * Connects or starts; the caller closes what it gets.
   *
   * @param needsEncoders whether the command is in vain without a ready encoder
   */
  HostOperations connect(GlobalOptions options, boolean needsEncoders);
}
