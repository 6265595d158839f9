package io.sensorium.host.api;

import io.sensorium.api.media.MediaLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

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
    return with(options -> options.device = wanted);
  }

  /** The same with another default space. */
  public SensoriumOptions inSpace(String wanted) {
    return with(options -> options.space = wanted);
  }

  /** The same with other limits for what is read. */
  public SensoriumOptions within(MediaLimits wanted) {
    return with(options -> options.limits = wanted);
  }

  /** The same with more bundles for this run. */
  public SensoriumOptions withBundles(List<Path> jars) {
    return with(options -> options.bundles = jars);
  }

  /** The same with other timeouts. */
  public SensoriumOptions withTimeouts(Duration start, Duration request) {
    return with(
        options -> {
          options.startTimeout = start;
          options.requestTimeout = request;
        });
  }

  /** The same, but start returns as soon as the bundles are active. */
  public SensoriumOptions withoutAwaitingEncoders() {
    return with(options -> options.awaitEncoders = false);
  }

  /** The same with an interactive shell on the console. */
  public SensoriumOptions withShell() {
    return with(options -> options.shell = true);
  }

  /** The same with another policy for bundles that come in while the host runs. */
  public SensoriumOptions withPlugIns(PlugInPolicy wanted) {
    return with(options -> options.plugIns = wanted);
  }

  /** The same with other rules for items whose space changes. */
  public SensoriumOptions reembedding(ReembeddingOptions wanted) {
    return with(options -> options.reembedding = wanted);
  }

  private SensoriumOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options of which some are being changed. */
  private static final class Draft {
    private final Path home;
    private String device;
    private String space;
    private MediaLimits limits;
    private List<Path> bundles;
    private Duration startTimeout;
    private Duration requestTimeout;
    private boolean awaitEncoders;
    private boolean shell;
    private PlugInPolicy plugIns;
    private ReembeddingOptions reembedding;

    private Draft(SensoriumOptions options) {
      home = options.home;
      device = options.device;
      space = options.space;
      limits = options.limits;
      bundles = options.bundles;
      startTimeout = options.startTimeout;
      requestTimeout = options.requestTimeout;
      awaitEncoders = options.awaitEncoders;
      shell = options.shell;
      plugIns = options.plugIns;
      reembedding = options.reembedding;
    }

    private SensoriumOptions options() {
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
          reembedding);
    }
  }
}
