package io.sensorium.health;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.MediaIndex;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** CRITICAL while the index takes no changes or cannot be read, WARN while it is slow. */
@Component(
    service = HealthCheck.class,
    property = {"hc.name=index", "hc.tags=sensorium", "hc.tags=readiness"})
public final class IndexHealthCheck implements HealthCheck {
  private final MediaIndex index;

  /** Started by Declarative Services. */
  @Activate
  public IndexHealthCheck(@Reference MediaIndex index) {
    this.index = index;
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    IndexHealth health = index.health();
    if (!health.writable()) {
      log.critical("the index takes no changes: {}", health.problem());
    }
    if (!health.vectorised()) {
      log.warn("distances are computed without the Vector API: {}", health.arithmetic());
    }
    try {
      log.info("the index has {} items", index.size());
    } catch (SensoriumException e) {
      log.critical("the index cannot be read: {}", e.getMessage());
    }
    return new Result(log);
  }
}
