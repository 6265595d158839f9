package io.sensorium.repository;

import io.sensorium.api.SensoriumException;

/** Says in one line why something failed, whatever a plug-in has thrown. */
final class Reasons {
  private static final int MAXIMUM_CHARACTERS = 500;

  private Reasons() {}

  static String of(Throwable failure) {
    String text;
    try {
      text = failure instanceof SensoriumException ? failure.getMessage() : failure.toString();
    } catch (Throwable another) {
      text = null;
    }
    if (text == null || text.isBlank()) {
      text = failure.getClass().getName();
    }
    String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    return line.length() <= MAXIMUM_CHARACTERS ? line : line.substring(0, MAXIMUM_CHARACTERS);
  }
}
