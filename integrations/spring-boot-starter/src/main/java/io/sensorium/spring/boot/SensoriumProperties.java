package io.sensorium.spring.boot;

import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How an application's host starts: the properties {@code sensorium.*}. Immutable.
 *
 * @param enabled Whether a host is started.
 * @param home Folder that keeps model packages, index and bundles; one host at a time holds it;
 *     {@code .sensorium} in the user's home folder unless set.
 * @param device Device that models run on: cpu, cuda, cuda:n or auto.
 * @param space Name of the default space.
 * @param startTimeout How long the encoders of the default space may take to be ready.
 * @param requestTimeout How long one request may take.
 * @param bundles Jars of bundles that are installed beside those that the host carries.
 */
@ConfigurationProperties("sensorium")
public record SensoriumProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable Path home,
    @DefaultValue("cpu") String device,
    @DefaultValue("world") String space,
    @DefaultValue("2m") Duration startTimeout,
    @DefaultValue("1m") Duration requestTimeout,
    @DefaultValue List<Path> bundles) {

  public SensoriumProperties {
    home = home == null ? Path.of(System.getProperty("user.home"), ".sensorium") : home;
    bundles = List.copyOf(bundles);
  }

  /**
   * The same as a host takes it.
   *
   * @throws IllegalArgumentException if a value is none that a host can be started with
   */
  SensoriumOptions options() {
    return SensoriumOptions.at(home)
        .onDevice(device)
        .inSpace(space)
        .withBundles(bundles)
        .withTimeouts(startTimeout, requestTimeout);
  }
}
