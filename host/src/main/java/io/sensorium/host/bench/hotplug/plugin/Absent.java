package io.sensorium.host.bench.hotplug.plugin;

import io.sensorium.api.encoder.Preprocessor;
import java.util.Map;

/** What a plug-in was compiled against; no bundle carries it, so that using it does not link. */
final class Absent {
  private Absent() {}

  static Preprocessor open() {
    return input -> Map.of();
  }
}
