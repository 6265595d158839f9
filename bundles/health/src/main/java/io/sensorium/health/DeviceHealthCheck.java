package io.sensorium.health;

import io.sensorium.api.runtime.InferenceRuntime;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** CRITICAL where the device asked for cannot be used. */
@Component(
    service = HealthCheck.class,
    property = {"hc.name=device", "hc.tags=sensorium", "hc.tags=readiness"})
public final class DeviceHealthCheck implements HealthCheck {
  private static final String ANY = "auto";

  private final InferenceRuntime runtime;

  /** Started by Declarative Services. */
  @Activate
  public DeviceHealthCheck(@Reference InferenceRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Result execute() {
    String wanted = runtime.configuredDevice();
    FormattingResultLog log = new FormattingResultLog();
    log.info("the device asked for is {}", wanted);
    runtime.devices().stream()
        .filter(device -> !wanted.equals(ANY) && device.name().startsWith(wanted))
        .filter(device -> !device.usable())
        .forEach(
            device ->
                log.critical("the device {} is not usable: {}", device.name(), device.detail()));
    return new Result(log);
  }
}
