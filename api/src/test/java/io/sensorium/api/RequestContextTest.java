package io.sensorium.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestContextTest {
  @Test
  void cancellationEndsTheRequestAndSaysBeforeWhat() {
    RequestContext context = RequestContext.within(Duration.ofMinutes(1));
    context.check("the first step");
    context.cancel();
    assertThat(context.isOver()).isTrue();
    assertThatThrownBy(() -> context.check("the session run"))
        .isInstanceOf(RequestCancelledException.class)
        .hasMessageContaining("the session run");
  }

  @Test
  void aPassedDeadlineIsNotRetriable() {
    RequestContext context = RequestContext.within(Duration.ofNanos(1));
    while (context.remainingNanos() > 0) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> context.check("decoding"))
        .isInstanceOfSatisfying(
            DeadlineExceededException.class, e -> assertThat(e.retriable()).isFalse());
  }

  @Test
  void timeoutsMustBePositive() {
    assertThatThrownBy(() -> RequestContext.within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
