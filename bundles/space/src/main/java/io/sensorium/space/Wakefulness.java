package io.sensorium.space;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which places are to be open: those of the default space until they are put to sleep, others from
 * their first request on. Guarded by the registry's lock.
 */
final class Wakefulness {
  private final String defaultSpace;
  private final Set<Place> asked = new HashSet<>();
  private final Set<Place> asleep = new HashSet<>();

  Wakefulness(String defaultSpace) {
    this.defaultSpace = defaultSpace;
  }

  boolean isWanted(Place place) {
    return asked.contains(place) || (isInDefaultSpace(place) && !asleep.contains(place));
  }

  boolean isInDefaultSpace(Place place) {
    return place.isIn(defaultSpace);
  }

  void wake(Place place) {
    asked.add(place);
    asleep.remove(place);
  }

  void sleep(Place place) {
    asked.remove(place);
    asleep.add(place);
  }

  /** Ends the sleep of a place of which something has changed, so that it is tried at once. */
  void rouse(Place place) {
    if (asleep.remove(place)) {
      asked.add(place);
    }
  }

  /** Forgets every other place. */
  void retain(Collection<Place> places) {
    asked.retainAll(places);
    asleep.retainAll(places);
  }
}
