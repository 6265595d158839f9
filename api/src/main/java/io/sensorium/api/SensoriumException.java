package io.sensorium.api;

/**
 * The root of every failure that is not a caller's programming mistake.
 *
 * <p>Mistakes are {@link IllegalArgumentException}, {@link NullPointerException} and {@link
 * IllegalStateException}. A message says what was required, what was found, and where.
 */
public abstract class SensoriumException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_REASON = 500;

  /**
   * @param message what was required, what was found, and where
   */
  protected SensoriumException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath
   */
  protected SensoriumException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Answers whether the same request may succeed later without being changed. */
  public abstract boolean retriable();

  /**
   * Says in one line of at most 500 characters why something failed.
   *
   * @param failure whatever a plug-in has thrown, one whose own methods throw included
   */
  public static String reasonOf(Throwable failure) {
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
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
  }
}
