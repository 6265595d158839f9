package io.sensorium.host.launch;

import java.util.regex.Pattern;

/** Says a failure in one line. */
public final class Problems {
  private static final int LONGEST = 8_000;

  /** How Jackson ends: with a source that it does not show, and where in it. */
  private static final Pattern JSON_PLACE =
      Pattern.compile("at \\[Source: [^;\\]]*; line: (\\d+), column: (\\d+)\\]");

  private Problems() {}

  /** As {@link #line}, with what is at the bottom of it: frameworks only wrap. */
  public static String withRoot(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; depth < 32 && root.getCause() != null; depth++) {
      root = root.getCause();
    }
    String line = line(failure);
    String bottom = line(root);
    if (root == failure || line.contains(bottom)) {
      return line;
    }
    return "%s (%s: %s)".formatted(line, root.getClass().getSimpleName(), bottom);
  }

  /**
   * The message of a failure, or its type where it has none, without line breaks and control
   * characters.
   */
  public static String line(Throwable failure) {
    String message = failure.getMessage();
    String named =
        message == null || message.isBlank() || failure instanceof java.io.IOException
            ? failure.getClass().getSimpleName() + (message == null ? "" : ": " + message)
            : message;
    String line = named.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    line = JSON_PLACE.matcher(line).replaceAll("(line $1, column $2)");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
