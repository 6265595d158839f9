package io.sensorium.models.packages;

/**
 * Bounds on what a package may unpack to, checked before anything is written. Immutable.
 *
 * @param maximumFiles of the package, and entries of an archive
 * @param maximumBytes of all files together
 * @param maximumRatio unpacked bytes over archived bytes, per entry larger than 1 MiB unpacked
 */
public record PackageLimits(int maximumFiles, long maximumBytes, int maximumRatio) {
  /** 10,000 files, 256 GiB, ratio 200. */
  public static final PackageLimits DEFAULT = new PackageLimits(10_000, 256L << 30, 200);

  public PackageLimits {
    if (maximumFiles < 1 || maximumBytes < 1 || maximumRatio < 1) {
      throw new IllegalArgumentException("every limit must be positive");
    }
  }
}
