package io.sensorium.host.bench.hotplug;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of one bundle that many threads changed.
 *
 * @param refused changes that made no sense when their turn came, such as removing what is not
 *     there
 * @param standstill why the threads were given up; empty if all of them ended
 * @param left versions of the bundle that were there at the end
 * @param allowed what may be there at the end if the changes had an order; an empty version for
 *     none
 * @param classLoadersRetained of bundles that are gone
 */
public record ThreadFigures(
    int threads,
    int changesPerThread,
    long refused,
    double seconds,
    String standstill,
    List<String> left,
    Set<String> allowed,
    List<String> classLoadersRetained) {

  /** A change that was made between two times, and the version that it leaves; empty for none. */
  record Change(long startNanos, long endNanos, String version) {}

  public ThreadFigures {
    left = List.copyOf(left);
    allowed = Set.copyOf(allowed);
    classLoadersRetained = List.copyOf(classLoadersRetained);
  }

  /** What changes that no other came wholly after leave behind. */
  static Set<String> lastOf(List<Change> changes) {
    long latestStart = changes.stream().mapToLong(Change::startNanos).max().orElse(0);
    Set<String> versions = new LinkedHashSet<>();
    changes.stream()
        .filter(change -> change.endNanos() - latestStart >= 0)
        .forEach(change -> versions.add(change.version()));
    if (changes.isEmpty()) {
      versions.add("");
    }
    return versions;
  }

  /** The promises that were broken, one line each. */
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    if (!standstill.isEmpty()) {
      broken.add(standstill);
    }
    String end = left.isEmpty() ? "" : left.getFirst();
    if (left.size() > 1 || !allowed.contains(end)) {
      broken.add("one of the versions %s had to be left; found %s".formatted(allowed, left));
    }
    if (!classLoadersRetained.isEmpty()) {
      broken.add("class loaders stayed: " + classLoadersRetained);
    }
    return broken;
  }

  /** For JSON. */
  public Map<String, Object> describe() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("threads", threads);
    figures.put("changesPerThread", changesPerThread);
    figures.put("refused", refused);
    figures.put("seconds", seconds);
    figures.put("standstill", standstill);
    figures.put("left", left);
    figures.put("classLoadersRetained", classLoadersRetained.size());
    return figures;
  }
}
