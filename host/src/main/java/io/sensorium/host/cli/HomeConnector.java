package io.sensorium.host.cli;

import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.LocalOperations;

/** Connects to the host that serves the home, or starts one for this command alone. */
final class HomeConnector implements HostConnector {
  private static final String USUAL_DEVICE = "cpu";

  @Override
  public HostOperations connect(GlobalOptions options, boolean needsEncoders) {
    SensoriumOptions settings = settings(options);
    return new LocalOperations(
        Sensorium.start(needsEncoders ? settings : settings.withoutAwaitingEncoders()));
  }

  static SensoriumOptions settings(GlobalOptions options) {
    String device = options.device() == null ? USUAL_DEVICE : options.device();
    return SensoriumOptions.at(options.home()).onDevice(device);
  }
}
