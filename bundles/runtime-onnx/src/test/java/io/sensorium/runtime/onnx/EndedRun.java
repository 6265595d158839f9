package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestContext;
import java.time.Duration;
import java.util.function.Consumer;

/** Runs that have no end of their own. */
final class EndedRun {
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private EndedRun() {}

  /**
   * Requires that a run ends at its deadline. A busy machine may need longer than a short deadline
   * leaves to begin with it: then a longer one is tried.
   *
   * @return the request that ended
   */
  static RequestContext endsAtItsDeadline(Consumer<RequestContext> run) {
    for (Duration limit = SHORTEST; ; limit = limit.multipliedBy(2)) {
      RequestContext context = RequestContext.within(limit);
      DeadlineExceededException failure =
          catchThrowableOfType(DeadlineExceededException.class, () -> run.accept(context));
      assertThat(failure).isNotNull();
      if (limit.compareTo(LONGEST) > 0 || !failure.getMessage().contains("before the run")) {
        assertThat(failure).hasMessageContaining("during the run");
        return context;
      }
    }
  }
}
