package io.sensorium.spring.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The encoders' meters in one registry. One thread at a time; meters are read by any. */
final class EncoderMeters {
  private final MeterRegistry registry;
  private final Map<Tags, Measured> measured = new HashMap<>();

  EncoderMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** From now on there are meters of these encoders and of no other. */
  void show(List<EncoderStatus> encoders) {
    Map<Tags, EncoderStatus> now = new HashMap<>();
    encoders.forEach(encoder -> now.put(tags(encoder), encoder));
    Set<Tags> gone = new HashSet<>(measured.keySet());
    gone.removeAll(now.keySet());
    gone.forEach(tags -> measured.remove(tags).meters.forEach(registry::remove));
    now.forEach(
        (tags, encoder) -> {
          Measured known = measured.get(tags);
          if (known == null) {
            measured.put(tags, new Measured(registry, tags, encoder));
          } else {
            known.latest = encoder;
          }
        });
  }

  private static Tags tags(EncoderStatus encoder) {
    return Tags.of(
        "modality",
        encoder.modality().toString(),
        "space",
        encoder.space().toString(),
        "model",
        encoder.model(),
        "version",
        encoder.modelVersion());
  }

  /** One encoder as it was at the last look. */
  private static final class Measured {
    private final List<Meter> meters = new ArrayList<>();
    private volatile EncoderStatus latest;

    Measured(MeterRegistry registry, Tags tags, EncoderStatus first) {
      latest = first;
      meters.add(
          FunctionCounter.builder(
                  "sensorium.encoder.requests", this, encoder -> encoder.latest.requests())
              .description("Requests answered")
              .tags(tags)
              .register(registry));
      meters.add(
          Gauge.builder("sensorium.encoder.batch.mean", this, encoder -> encoder.latest.meanBatch())
              .description("Mean size of a batch so far")
              .baseUnit("items")
              .tags(tags)
              .register(registry));
      for (State state : State.values()) {
        meters.add(
            Gauge.builder(
                    "sensorium.encoder.state",
                    this,
                    encoder -> encoder.latest.state() == state ? 1 : 0)
                .description("1 for the state that the encoder is in")
                .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                .register(registry));
      }
    }
  }
}
