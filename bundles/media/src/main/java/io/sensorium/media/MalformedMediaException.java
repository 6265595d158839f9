package io.sensorium.media;

import java.io.IOException;

/** Says what is wrong with the bytes; the border adds the format and the item's name. */
final class MalformedMediaException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedMediaException(String message) {
    super(message);
  }
}
