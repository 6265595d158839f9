package io.sensorium.host.api;

import java.util.Objects;

/**
 * One bundle of a running host.
 *
 * @param id the framework's number for it
 * @param name its symbolic name
 * @param version its version
 * @param state {@code ACTIVE}, {@code RESOLVED}, {@code INSTALLED}, {@code STARTING} or {@code
 *     STOPPING}
 * @param origin where it came from
 */
public record BundleStatus(long id, String name, String version, String state, Origin origin) {
  public BundleStatus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(origin, "origin");
  }

  /** Where a bundle came from. */
  public enum Origin {
    /** It comes with the host. */
    CARRIED,
    /** It was installed through {@link Sensorium#installBundle} and is kept in the home. */
    ADDED,
    /** It lies in the home's {@code deploy} folder, or somebody installed it in the framework. */
    DEPLOYED
  }
}
