package io.sensorium.host.bench.hotplug;

import java.util.LinkedHashMap;
import java.util.Map;

/** Latencies of one modality in windows without and with changes, in turn. */
public record Comparison(Latencies steady, Latencies cycling) {
  /** The 99th percentile while things change, divided by the one while nothing does. */
  double p99Ratio() {
    return cycling.millis(0.99) / steady.millis(0.99);
  }

  Map<String, Object> describe() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("steady", describe(steady));
    figures.put("cycling", describe(cycling));
    return figures;
  }

  private static Map<String, Object> describe(Latencies latencies) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("requests", latencies.count());
    figures.put("p50Millis", latencies.millis(0.5));
    figures.put("p99Millis", latencies.millis(0.99));
    figures.put("p999Millis", latencies.millis(0.999));
    figures.put("maximumMillis", latencies.millis(1));
    return figures;
  }
}
