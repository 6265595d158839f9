package io.sensorium.api.index;

import java.util.Objects;

/**
 * How an index is doing.
 *
 * @param writable whether changes are taken now
 * @param problem why they are not; empty while {@code writable}
 * @param vectorised whether distances run on the Vector API
 * @param arithmetic the code that computes distances, for people
 */
public record IndexHealth(boolean writable, String problem, boolean vectorised, String arithmetic) {
  public IndexHealth {
    Objects.requireNonNull(arithmetic, "arithmetic");
    if (writable != problem.isEmpty()) {
      throw new IllegalArgumentException(
          "an index has a problem exactly when it is not writable; got '" + problem + "'");
    }
  }
}
