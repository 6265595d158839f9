package io.sensorium.space;

import io.sensorium.api.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The deadline of one session run, which serves several requests. Thread-safe. */
final class RunScope {
  private final RequestContext context;
  private final AtomicInteger waiting;

  private RunScope(RequestContext context, int waiting) {
    this.context = context;
    this.waiting = new AtomicInteger(waiting);
  }

  /** A scope that ends with the last of the items' deadlines, or when nobody waits any more. */
  static RunScope of(List<Item> items) {
    long nanos =
        items.stream().mapToLong(item -> item.context().remainingNanos()).max().orElseThrow();
    RunScope scope =
        new RunScope(RequestContext.within(Duration.ofNanos(Math.max(1, nanos))), items.size());
    items.forEach(item -> item.runsIn(scope));
    return scope;
  }

  RequestContext context() {
    return context;
  }

  /** One item needs the run's result no more. */
  void leave() {
    if (waiting.decrementAndGet() == 0) {
      context.cancel();
    }
  }
}
