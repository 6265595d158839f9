package io.sensorium.spring.boot;

import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.host.api.Sensorium;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * A host is up while its default space has an encoder that answers and its index takes changes.
 * Thread-safe; the host is borrowed.
 *
 * <p>An encoder in quarantine is shown, but does not take the application down: the others go on.
 * Cost: no model runs.
 */
final class SensoriumHealthIndicator extends AbstractHealthIndicator {
  private final Sensorium sensorium;

  SensoriumHealthIndicator(Sensorium sensorium) {
    super("the host does not answer");
    this.sensorium = sensorium;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    List<EncoderStatus> encoders = sensorium.encoders();
    MediaIndex index = sensorium.service(MediaIndex.class);
    IndexHealth health = index.health();
    builder
        .status(canAnswer(encoders) && health.writable() ? "UP" : "DOWN")
        .withDetail("space", sensorium.options().space())
        .withDetail("encoders", byState(encoders))
        .withDetail("models", byModel(encoders))
        .withDetail("index", details(index, health));
  }

  private boolean canAnswer(List<EncoderStatus> encoders) {
    String space = sensorium.options().space();
    return encoders.stream()
        .filter(encoder -> encoder.space().name().equals(space))
        .anyMatch(encoder -> encoder.state() == State.READY || encoder.state() == State.IDLE);
  }

  private static Map<String, Integer> byState(List<EncoderStatus> encoders) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (State state : State.values()) {
      counts.put(name(state), 0);
    }
    encoders.forEach(encoder -> counts.merge(name(encoder.state()), 1, Integer::sum));
    return counts;
  }

  private static Map<String, String> byModel(List<EncoderStatus> encoders) {
    Map<String, String> states = new TreeMap<>();
    for (EncoderStatus encoder : encoders) {
      states.put(
          "%s %s (%s)".formatted(encoder.model(), encoder.modelVersion(), encoder.modality()),
          name(encoder.state()));
    }
    return states;
  }

  private static Map<String, Object> details(MediaIndex index, IndexHealth health) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("items", index.size());
    details.put("writable", health.writable());
    details.put("vectorised", health.vectorised());
    if (!health.writable()) {
      details.put("problem", health.problem());
    }
    return details;
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
