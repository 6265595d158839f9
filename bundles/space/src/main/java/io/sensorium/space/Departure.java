package io.sensorium.space;

/**
 * Where a pair served that left a while ago and may come back updated. Immutable; keeps nothing of
 * the encoder's bundle alive.
 *
 * @param place what it served
 * @param reader what its encoder said it reads
 * @param untilNanos when nobody waits for it any more, by {@link System#nanoTime}
 */
record Departure(Place place, MediaClaims.Reader reader, long untilNanos) {
  boolean isAwaited() {
    return untilNanos - System.nanoTime() > 0;
  }
}
