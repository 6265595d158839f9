package io.sensorium.space;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sessions that are being closed: who wants to open the same graph again waits until that is done,
 * or the end of the old session would be the end of the new lease too. Guarded by the registry's
 * lock.
 */
final class Retirements {
  private record Retirement(GraphEntry graph, CompletableFuture<Void> done) {}

  private final List<Retirement> pending = new ArrayList<>();

  void begin(GraphEntry graph) {
    pending.add(new Retirement(graph, new CompletableFuture<>()));
  }

  /** Ends the oldest retirement of the graph's session. */
  CompletableFuture<Void> end(GraphEntry graph) {
    Retirement ended =
        pending.stream().filter(each -> each.graph().isSameModel(graph)).findFirst().orElseThrow();
    pending.remove(ended);
    return ended.done();
  }

  /** Completes when no session of the graph is being closed any more, of those known now. */
  CompletableFuture<Void> of(GraphEntry graph) {
    return CompletableFuture.allOf(
        pending.stream()
            .filter(each -> each.graph().isSameModel(graph))
            .map(Retirement::done)
            .toArray(CompletableFuture[]::new));
  }
}
