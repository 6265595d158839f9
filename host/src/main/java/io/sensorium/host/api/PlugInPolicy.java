package io.sensorium.host.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Which bundles may come in while a host runs, and how long they may take. Immutable.
 *
 * <p>Trusted is, with a trust file or folder, a jar that a trusted certificate signed or whose hash
 * is pinned. Without one it is every jar whose signature, should it have one, is whole. A bundle
 * that runs can do everything that the host can.
 *
 * @param trust a file of X.509 certificates (PEM or DER), a file {@code *.sha256} of pinned hashes,
 *     or a folder of such files; empty for the home's folder {@code trust} if there is one
 * @param allowDowngrade whether a trusted bundle may be replaced by a lower version of it; without
 *     a trust file or folder it always may
 * @param startLimit how long a bundle's start may take
 * @param readyLimit how long what a started bundle brought may take to be ready
 * @param stopLimit how long a bundle's stop may take
 */
public record PlugInPolicy(
    Optional<Path> trust,
    boolean allowDowngrade,
    Duration startLimit,
    Duration readyLimit,
    Duration stopLimit) {

  /** The home's folder {@code trust}, thirty seconds to start, two minutes to be ready. */
  public static final PlugInPolicy DEFAULT =
      new PlugInPolicy(
          Optional.empty(),
          false,
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofSeconds(30));

  public PlugInPolicy {
    trust = trust.map(path -> path.toAbsolutePath().normalize());
    requirePositive("startLimit", startLimit);
    requirePositive("readyLimit", readyLimit);
    requirePositive("stopLimit", stopLimit);
  }

  private static void requirePositive(String name, Duration limit) {
    Objects.requireNonNull(limit, name);
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("%s must be positive; got %s".formatted(name, limit));
    }
  }

  /** The same, trusting what a file or folder says and nothing else. */
  public PlugInPolicy trusting(Path fileOrFolder) {
    return new PlugInPolicy(
        Optional.of(fileOrFolder), allowDowngrade, startLimit, readyLimit, stopLimit);
  }

  /** The same, but lower versions may replace higher ones. */
  public PlugInPolicy allowingDowngrade() {
    return new PlugInPolicy(trust, true, startLimit, readyLimit, stopLimit);
  }

  /** The same with other limits. */
  public PlugInPolicy within(Duration start, Duration ready, Duration stop) {
    return new PlugInPolicy(trust, allowDowngrade, start, ready, stop);
  }
}
