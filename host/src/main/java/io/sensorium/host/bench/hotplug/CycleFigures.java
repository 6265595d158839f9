package io.sensorium.host.bench.hotplug;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the cycles.
 *
 * @param requests sent to the encoder that came and went
 * @param otherRequests sent to the other modality
 * @param failedRequests of both
 * @param mixedVersionRequests answers that no single version gives
 * @param problems the first few
 * @param own latencies of the encoder that came and went
 * @param other latencies of the other modality
 * @param classLoadersRetained of bundles that are gone
 * @param resident bytes a cycle, over the last half
 * @param metaspace bytes a cycle, over the last half
 * @param heap bytes a cycle after collections, over the last half
 * @param before the first sample after warming up
 * @param after the last
 * @param changeSeconds spent in windows with changes
 */
public record CycleFigures(
    String encoder,
    CyclePlan plan,
    long requests,
    long otherRequests,
    long failedRequests,
    long mixedVersionRequests,
    List<String> problems,
    Comparison own,
    Comparison other,
    List<String> classLoadersRetained,
    Trend resident,
    Trend metaspace,
    Trend heap,
    ProcessSample before,
    ProcessSample after,
    double changeSeconds) {
  private static final double MOST_BYTES = 10 * 1024;

  /** What warms up, a larger machine's heap most of all, outweighs what leaks for as long. */
  private static final int SETTLED_CYCLES = 1_000;

  private static final long MOST_GROWN = 5;

  public CycleFigures {
    problems = List.copyOf(problems);
    classLoadersRetained = List.copyOf(classLoadersRetained);
  }

  /**
   * The promises that these cycles break, one line each. Memory breaks its promise only where the
   * slope's whole confidence interval does, and not in a short trial; times are figures, not
   * promises: they tell of the machine's other work, too.
   */
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    if (failedRequests > 0) {
      broken.add("%d requests failed: %s".formatted(failedRequests, problems));
    }
    if (mixedVersionRequests > 0) {
      broken.add("%d answers were of mixed versions: %s".formatted(mixedVersionRequests, problems));
    }
    if (!classLoadersRetained.isEmpty()) {
      broken.add("class loaders stayed: " + classLoadersRetained);
    }
    if (plan.cycles() >= SETTLED_CYCLES) {
      grown("resident", resident, broken);
      grown("heap", heap, broken);
    }
    grown("threads", before.threads(), after.threads(), broken);
    grown("descriptors", before.descriptors(), after.descriptors(), broken);
    grown("sessions", before.sessions(), after.sessions(), broken);
    grown("temporary files", before.temporaryFiles(), after.temporaryFiles(), broken);
    return broken;
  }

  private static void grown(String what, Trend bytes, List<String> broken) {
    if (bytes.atLeast() > MOST_BYTES) {
      broken.add(
          "at most %.0f %s bytes a cycle were wanted; found %.0f, at least %.0f"
              .formatted(MOST_BYTES, what, bytes.slope(), bytes.atLeast()));
    }
  }

  /** However many cycles there are: pools fill up, logs turn over, nothing else grows. */
  private static void grown(String what, long first, long last, List<String> broken) {
    if (first >= 0 && last - first > MOST_GROWN) {
      broken.add("%s grew from %d to %d".formatted(what, first, last));
    }
  }

  /** For JSON. */
  public Map<String, Object> describe() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("encoder", encoder);
    figures.put("cycles", plan.cycles());
    figures.put("requests", requests);
    figures.put("otherRequests", otherRequests);
    figures.put("failedRequests", failedRequests);
    figures.put("mixedVersionRequests", mixedVersionRequests);
    figures.put("problems", problems);
    figures.put("p99Ratio", own.p99Ratio());
    figures.put("otherP99Ratio", other.p99Ratio());
    figures.put("classLoadersRetained", classLoadersRetained.size());
    figures.put("residentBytesPerCycle", resident.slope());
    figures.put("residentBytesPerCycleHalfWidth", resident.halfWidth());
    figures.put("metaspaceBytesPerCycle", metaspace.slope());
    figures.put("heapBytesPerCycle", heap.slope());
    figures.put("threads", List.of(before.threads(), after.threads()));
    figures.put("descriptors", List.of(before.descriptors(), after.descriptors()));
    figures.put("sessions", List.of(before.sessions(), after.sessions()));
    figures.put("temporaryFiles", List.of(before.temporaryFiles(), after.temporaryFiles()));
    figures.put("secondsPerCycle", changeSeconds / plan.cycles());
    figures.put("pauseMillis", plan.pause().toMillis());
    figures.put("load", plan.load());
    figures.put("own", own.describe());
    figures.put("other", other.describe());
    return figures;
  }
}
