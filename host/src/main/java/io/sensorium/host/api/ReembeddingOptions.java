package io.sensorium.host.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How items follow when a space changes its version. Immutable.
 *
 * @param automatic whether the host embeds them again in the background
 * @param share of the machine's time that this may take, above 0 and at most 1; it steps back
 *     further while requests run
 * @param patience how long a version that does not read everything yet waits for its next encoder
 *     before items move to it nevertheless
 * @param kept spaces, {@code name} or {@code name@version}, whose older versions stay in service
 *     after their last item has moved
 */
public record ReembeddingOptions(
    boolean automatic, double share, Duration patience, Set<String> kept) {
  /** In the background, on a quarter of the machine. */
  public static final ReembeddingOptions DEFAULT =
      new ReembeddingOptions(true, 0.25, Duration.ofMinutes(10), Set.of());

  public ReembeddingOptions {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share must be above 0 and at most 1; got " + share);
    }
    Objects.requireNonNull(patience, "patience");
    kept = Set.copyOf(kept);
  }

  /** The same, but only when asked to. */
  public ReembeddingOptions onlyWhenAsked() {
    return new ReembeddingOptions(false, share, patience, kept);
  }

  /** The same on another share of the machine. */
  public ReembeddingOptions onShare(double wanted) {
    return new ReembeddingOptions(automatic, wanted, patience, kept);
  }

  /** The same with another patience. */
  public ReembeddingOptions waiting(Duration wanted) {
    return new ReembeddingOptions(automatic, share, wanted, kept);
  }

  /** The same, keeping the older versions of some spaces. */
  public ReembeddingOptions keeping(Set<String> spaces) {
    return new ReembeddingOptions(automatic, share, patience, spaces);
  }
}
