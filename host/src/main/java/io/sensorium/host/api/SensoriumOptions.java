package io.sensorium.host.api;

import io.sensorium.api.media.MediaLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a host starts. Immutable; begin with {@link #at} and change what is needed.
 *
 * @param home the folder that keeps packages, index and bundles; made if it is not there
 * @param device {@code cpu}, {@code cuda}, {@code cuda:n} or {@code auto}
 * @param space the name of the default space
 * @param limits of every item that is read
 * @param bundles jars to install beside the carried ones, for this run alone
 * @param startTimeout how long the encoders of the default space may take to be ready
 * @param requestTimeout how long one request may take
 * @param awaitEncoders whether start waits for the default space's encoders and fails without one
 * @param shell whether an interactive shell runs on the console
 * @param plugIns which bundles may come in while it runs, and how long they may take
 * @param reembedding how items follow when a space changes its version
 */
public record SensoriumOptions(
    Path home,
    String device,
    String space,
    MediaLimits limits,
    List<Path> bundles,
    Duration startTimeout,
    Duration requestTimeout,
    boolean awaitEncoders,
    boolean shell,
    PlugInPolicy plugIns,
    ReembeddingOptions reembedding) {

  public SensoriumOptions {
    home = home.toAbsolutePath().normalize();
    if (!device.matches("cpu|auto|cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "a device must be cpu, cuda, cuda:n or auto; got '" + device + "'");
    }
    Objects.requireNonNull(space, "space");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(plugIns, "plugIns");
    Objects.requireNonNull(reembedding, "reembedding");
    bundles = List.copyOf(bundles);
    if (!startTimeout.isPositive() || !requestTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "timeouts must be positive; got %s and %s".formatted(startTimeout, requestTimeout));
    }
  }

  /**
   * A home with everything else as usual: device {@code cpu}, space {@code world}, {@link
   * MediaLimits#DEFAULT}, two minutes to start, one minute a request.
   */
  public static SensoriumOptions at(Path home) {
    return new SensoriumOptions(
        home,
        "cpu",
        "world",
        MediaLimits.DEFAULT,
        List.of(),
        Duration.ofMinutes(2),
        Duration.ofMinutes(1),
        true,
        false,
        PlugInPolicy.DEFAULT,
        ReembeddingOptions.DEFAULT);
  }

  /** The same on another device. */
  public SensoriumOptions onDevice(String wanted) {
    return new SensoriumOptions(
        home,
        wanted,
        space,
        limits,
        bundles,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        shell,
        plugIns,
        reembedding);
  }

  /** The same with another default space. */
  public SensoriumOptions inSpace(String wanted) {
    return new SensoriumOptions(
        home,
        device,
        wanted,
        limits,
        bundles,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        shell,
        plugIns,
        reembedding);
  }

  /** The same with other limits for what is read. */
  public SensoriumOptions within(MediaLimits wanted) {
    return new SensoriumOptions(
        home,
        device,
        space,
        wanted,
        bundles,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        shell,
        plugIns,
        reembedding);
  }

  /** The same with more bundles for this run. */
  public SensoriumOptions withBundles(List<Path> jars) {
    return new SensoriumOptions(
        home,
        device,
        space,
        limits,
        jars,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        shell,
        plugIns,
        reembedding);
  }

  /** The same with other timeouts. */
  public SensoriumOptions withTimeouts(Duration start, Duration request) {
    return new SensoriumOptions(
        home,
        device,
        space,
        limits,
        bundles,
        start,
        request,
        awaitEncoders,
        shell,
        plugIns,
        reembedding);
  }

  /** The same, but start returns as soon as the bundles are active. */
  public SensoriumOptions withoutAwaitingEncoders() {
    return new SensoriumOptions(
        home,
        device,
        space,
        limits,
        bundles,
        startTimeout,
        requestTimeout,
        false,
        shell,
        plugIns,
        reembedding);
  }

  /** The same with an interactive shell on the console. */
  public SensoriumOptions withShell() {
    return new SensoriumOptions(
        home,
        device,
        space,
        limits,
        bundles,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        true,
        plugIns,
        reembedding);
  }

  /** The same with another policy for bundles that come in while the host runs. */
  public SensoriumOptions withPlugIns(PlugInPolicy wanted) {
    return new SensoriumOptions(
        home,
        device,
        space,
        limits,
        bundles,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        shell,
        wanted,
        reembedding);
  }

  /** The same with other rules for items whose space changes. */
  public SensoriumOptions reembedding(ReembeddingOptions wanted) {
    return new SensoriumOptions(
        home,
        device,
        space,
        limits,
        bundles,
        startTimeout,
        requestTimeout,
        awaitEncoders,
        shell,
        plugIns,
        wanted);
  }
}
