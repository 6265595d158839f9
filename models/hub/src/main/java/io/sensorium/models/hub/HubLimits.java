package io.sensorium.models.hub;

/**
 * How much a hub may make us read or write.
 *
 * @param listingBytes the longest answer with names of files, positive
 * @param files the most files in one repository, positive
 * @param textBytes the largest configuration, tokenizer or text file, positive
 * @param totalBytes the most bytes of one checkpoint, positive
 */
public record HubLimits(long listingBytes, int files, long textBytes, long totalBytes) {
  /** 32 MiB of names, 20,000 files, 64 MiB a text, 256 GiB in all. */
  public static final HubLimits DEFAULT = new HubLimits(32L << 20, 20_000, 64L << 20, 256L << 30);

  public HubLimits {
    if (listingBytes <= 0 || files <= 0 || textBytes <= 0 || totalBytes <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
