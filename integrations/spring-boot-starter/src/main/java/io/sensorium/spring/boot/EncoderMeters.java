package io.sensorium.spring.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.spring.boot.FollowedMeters.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is measured of encoders. Stateless. */
final class EncoderMeters {
  private EncoderMeters() {}

  static FollowedMeters<EncoderStatus> in(MeterRegistry registry) {
    List<Kind<EncoderStatus>> kinds = new ArrayList<>();
    kinds.add(
        (into, tags, encoder) ->
            FunctionCounter.builder(
                    "sensorium.encoder.requests",
                    encoder,
                    each -> each.read(EncoderStatus::requests))
                .description("Requests answered")
                .tags(tags)
                .register(into));
    kinds.add(
        (into, tags, encoder) ->
            Gauge.builder(
                    "sensorium.encoder.batch.mean",
                    encoder,
                    each -> each.read(EncoderStatus::meanBatch))
                .description("Mean size of a batch so far")
                .baseUnit("items")
                .tags(tags)
                .register(into));
    for (State state : State.values()) {
      kinds.add(
          (into, tags, encoder) ->
              Gauge.builder(
                      "sensorium.encoder.state",
                      encoder,
                      each -> each.read(status -> status.state() == state ? 1 : 0))
                  .description("1 for the state that the encoder is in")
                  .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                  .register(into));
    }
    return new FollowedMeters<>(registry, EncoderMeters::tags, kinds);
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
}
