package io.sensorium.health;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Component;

/**
 * WARN while something that was plugged in is kept out of service. A plug-in is forgotten when it
 * is gone, and when something of its kind and name is ready after it. Thread-safe.
 */
@Component(
    immediate = true,
    service = {HealthCheck.class, LifecycleListener.class},
    property = {"hc.name=lifecycle", "hc.tags=sensorium"})
public final class LifecycleHealthCheck implements HealthCheck, LifecycleListener {
  private final Map<PlugIn, LifecycleEvent> current = new ConcurrentHashMap<>();

  @Override
  public void began(LifecycleEvent event) {
    PlugIn plugIn = event.plugIn();
    if (event.step() == Step.GONE) {
      current.remove(plugIn);
      return;
    }
    if (event.step() == Step.READY) {
      current.keySet().removeIf(other -> isOlder(other, plugIn) && isQuarantined(other));
    }
    current.put(plugIn, event);
  }

  private static boolean isOlder(PlugIn other, PlugIn than) {
    return other.kind() == than.kind()
        && other.name().equals(than.name())
        && other.generation() < than.generation();
  }

  private boolean isQuarantined(PlugIn plugIn) {
    LifecycleEvent event = current.get(plugIn);
    return event != null && event.step() == Step.QUARANTINED;
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    List<LifecycleEvent> events = List.copyOf(current.values());
    for (LifecycleEvent event : events) {
      switch (event.step()) {
        case QUARANTINED -> log.warn("the {} is in quarantine: {}", event.plugIn(), event.reason());
        case READY -> log.debug("the {} is ready", event.plugIn());
        default -> log.info("the {} is at {}", event.plugIn(), event.step());
      }
    }
    log.info("{} plug-ins are known", events.size());
    return new Result(log);
  }
}
