package io.sensorium.api.lifecycle;

/** How one generation takes the place of another. */
public enum Swap {
  /** The new one is ready before the old one stops taking requests. */
  BLUE_GREEN,
  /**
   * Both do not fit at once: the old one is drained and closed first, and requests wait meanwhile;
   * it is opened again if the new one fails.
   */
  DRAIN_AND_SWAP
}
