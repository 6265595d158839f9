package io.sensorium.models.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Something that may well work in a moment: a busy hub, a broken answer. */
final class TransientFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> pause;

  TransientFailure(String message) {
    this(message, Optional.empty());
  }

  /**
   * @param pause how long the hub asks to be left alone
   */
  TransientFailure(String message, Optional<Duration> pause) {
    super(message);
    this.pause = pause;
  }

  Optional<Duration> pause() {
    return pause == null ? Optional.empty() : pause;
  }
}
