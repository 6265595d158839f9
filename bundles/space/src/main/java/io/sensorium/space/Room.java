package io.sensorium.space;

/** The memory that a newcomer needs, where an older generation of its place may hold it. */
interface Room {
  /** Waits until no older session of the newcomer's graph is being closed. */
  void awaitRetired() throws InterruptedException;

  /** Answers whether the newcomer fits only once older generations of its place have gone. */
  boolean isShort();

  /** Answers whether an older generation of the place could give its memory. */
  boolean isHeldByOlder();

  /** Drains the older generations and returns when their sessions are closed. */
  void take() throws InterruptedException;
}
