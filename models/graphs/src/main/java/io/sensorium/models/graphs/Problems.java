package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects everything that is wrong with a checkpoint, so that one error tells it all. */
final class Problems {
  private static final int MAX_LISTED = 24;

  /** Each once: graphs that share tensors ask for them once more. */
  private final Set<String> found = new LinkedHashSet<>();

  void add(String problem) {
    found.add(problem);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * @param what the checkpoint, for the message
   * @throws ModelLoadException that lists the problems, if there are any
   */
  void throwIfAny(String what) {
    if (found.isEmpty()) {
      return;
    }
    List<String> listed = found.stream().limit(MAX_LISTED).toList();
    String rest =
        found.size() > MAX_LISTED ? "; and %d more".formatted(found.size() - MAX_LISTED) : "";
    throw new ModelLoadException(
        "%s cannot be turned into a graph: %s%s".formatted(what, String.join("; ", listed), rest));
  }
}
