package io.sensorium.index.lucene;

import java.util.function.Consumer;
import org.apache.lucene.index.ConcurrentMergeScheduler;

/** Merges in the background; a failure is handed over instead of ending the merge's thread. */
final class ReportingMergeScheduler extends ConcurrentMergeScheduler {
  private final Consumer<Throwable> failures;

  ReportingMergeScheduler(Consumer<Throwable> failures) {
    this.failures = failures;
  }

  @Override
  protected void handleMergeException(Throwable failure) {
    failures.accept(failure);
  }
}
