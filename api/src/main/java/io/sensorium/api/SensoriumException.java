package io.sensorium.api;

/**
 * The root of every failure that is not a caller's programming mistake.
 *
 * <p>Mistakes are {@link IllegalArgumentException}, {@link NullPointerException} and {@link
 * IllegalStateException}. A message says what was required, what was found, and where.
 */
public abstract class SensoriumException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
}
