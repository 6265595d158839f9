package io.sensorium.media;

/** Says that a picture is left to the JDK's decoder: a rare form, or damage that one may repair. */
final class UnusualJpegException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusualJpegException(String reason) {
    super(reason, null, false, false);
  }
}
