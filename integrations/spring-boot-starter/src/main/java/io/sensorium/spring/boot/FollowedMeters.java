package io.sensorium.spring.boot;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Meters in one registry of what comes and goes. One thread at a time; meters are read by any.
 *
 * @param <T> what is measured, as it is at a look
 */
final class FollowedMeters<T> {
  private final MeterRegistry registry;
  private final Function<T, Tags> tags;
  private final List<Kind<T>> kinds;
  private final Map<Tags, Followed<T>> followed = new HashMap<>();

  /** One of the meters that each of them has. */
  @FunctionalInterface
  interface Kind<T> {
    /** Registers the meter of what is followed. */
    Meter register(MeterRegistry registry, Tags tags, Followed<T> followed);
  }

  /** One of them as it was at the last look. */
  static final class Followed<T> {
    private final List<Meter> meters = new ArrayList<>();
    private volatile T latest;

    private Followed(T first) {
      latest = first;
    }

    double read(ToDoubleFunction<T> value) {
      return value.applyAsDouble(latest);
    }
  }

  /**
   * @param tags that tell one from all others
   */
  FollowedMeters(MeterRegistry registry, Function<T, Tags> tags, List<Kind<T>> kinds) {
    this.registry = registry;
    this.tags = tags;
    this.kinds = kinds;
  }

  /** From now on there are meters of these and of no other. */
  void show(List<T> present) {
    Map<Tags, T> now = new HashMap<>();
    present.forEach(each -> now.put(tags.apply(each), each));
    Set<Tags> gone = new HashSet<>(followed.keySet());
    gone.removeAll(now.keySet());
    gone.forEach(each -> followed.remove(each).meters.forEach(registry::remove));
    now.forEach(
        (its, each) -> {
          Followed<T> known = followed.get(its);
          if (known == null) {
            followed.put(its, register(its, each));
          } else {
            known.latest = each;
          }
        });
  }

  private Followed<T> register(Tags its, T first) {
    Followed<T> added = new Followed<>(first);
    kinds.forEach(kind -> added.meters.add(kind.register(registry, its, added)));
    return added;
  }
}
