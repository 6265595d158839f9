package io.sensorium.host.cli;

import io.sensorium.host.api.HomeInUseException;
import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.host.remote.RemoteOperations;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connects to the host that serves the home, or starts one for this command alone. */
final class HomeConnector implements HostConnector {
  private static final String USUAL_DEVICE = "cpu";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  @Override
  public HostOperations connect(GlobalOptions options, boolean needsEncoders) {
    SensoriumOptions usual = settings(options);
    SensoriumOptions settings = needsEncoders ? usual : usual.withoutAwaitingEncoders();
    long patientUntilNanos = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      Optional<RemoteOperations> serving = RemoteOperations.connect(new HomeFolder(options.home()));
      if (serving.isPresent()) {
        return checked(serving.get(), options);
      }
      try {
        return new LocalOperations(Sensorium.start(settings));
      } catch (HomeInUseException e) {
        // Another command may be about to finish, or a host about to serve.
        if (System.nanoTime() > patientUntilNanos) {
          throw e;
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static HostOperations checked(RemoteOperations serving, GlobalOptions options) {
    if (options.device() != null && !options.device().equals(serving.device())) {
      serving.close();
      throw new HostStartException(
          "device %s was asked for; the running host, process %d, uses %s"
              .formatted(options.device(), serving.process(), serving.device()));
    }
    if (options.trust() != null) {
      serving.close();
      throw new HostStartException(
          "--trust is for the host that a command starts; process %d serves already and trusts what it was told to"
              .formatted(serving.process()));
    }
    return serving;
  }

  static SensoriumOptions settings(GlobalOptions options) {
    String device = options.device() == null ? USUAL_DEVICE : options.device();
    // A command that ends soon would only begin what a host that stays can do.
    SensoriumOptions settings =
        SensoriumOptions.at(options.home())
            .onDevice(device)
            .reembedding(ReembeddingOptions.DEFAULT.onlyWhenAsked());
    return options.trust() == null
        ? settings
        : settings.withPlugIns(settings.plugIns().trusting(options.trust()));
  }
}
