package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that end, runs that end with them, and what is left of either. */
@Timeout(120)
final class SessionEndTest extends RuntimeFixture {
  /** Less than the smallest session of ONNX Runtime takes; compilers leave a fifth of it. */
  private static final long LEAKED_BYTES = 16 << 10;

  @Test
  void aRunEndsAtItsDeadline() throws IOException {
    try (SessionLease lease = runtime.lease(endless(), soon())) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(1, 3)));
      RequestContext ended = EndedRun.endsAtItsDeadline(context -> lease.run(inputs, context));
      assertThatThrownBy(() -> lease.run(inputs, ended))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("before the run");
    }
  }

  @Test
  void aRunEndsWhenItIsCancelled() throws Exception {
    try (SessionLease lease = runtime.lease(endless(), soon())) {
      RequestContext context = soon();
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(context::cancel);
      assertThatThrownBy(() -> lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3))), context))
          .isInstanceOf(RequestCancelledException.class);
    }
  }

  @Test
  void aRunEndsWhenItsModelIsRetired() throws Exception {
    ModelGraph model = endless();
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> {
              try (SessionLease lease = runtime.lease(model, soon())) {
                lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3))), soon());
              }
            });
    while (runtime.sessions().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    runtime.retire(model, RequestContext.within(Duration.ofMillis(50)));
    assertThatThrownBy(run::get).hasCauseInstanceOf(ServiceGoneException.class);
    assertThat(runtime.sessions()).isEmpty();
  }

  @Test
  void closingTheRuntimeEndsARunThatGoesOn() throws Exception {
    OnnxInferenceRuntime other =
        new OnnxInferenceRuntime("cpu", SessionSettings.of(1, false, 0, Duration.ofMillis(50)));
    SessionLease lease = other.lease(endless(), soon());
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3))), soon()));
    TimeUnit.MILLISECONDS.sleep(20);
    other.close();
    assertThatThrownBy(run::get).hasCauseInstanceOf(ServiceGoneException.class);
    assertThat(other.sessions()).isEmpty();
    assertThatThrownBy(() -> other.lease(identity("b"), soon()))
        .isInstanceOf(ServiceGoneException.class);
  }

  /** What is allocated and not freed: what of the rest is resident is the system's business. */
  @Test
  void aThousandOpensAndClosesDoNotGrow() throws IOException {
    ModelGraph model = identity("a");
    cycles(model, 300);
    long before = allocatedBytes(model);
    cycles(model, 700);
    long grown = allocatedBytes(model) - before;
    System.out.println("native bytes grown over 700 cycles: " + grown);
    assertThat(grown).isLessThan(700 * LEAKED_BYTES);
  }

  /** The least of a few looks: compilers at work hold memory for moments. */
  private long allocatedBytes(ModelGraph model) {
    AllocatedMemory memory = new AllocatedMemory();
    long least = Long.MAX_VALUE;
    for (int look = 0; look < 7; look++) {
      cycles(model, 1);
      System.gc();
      OptionalLong bytes = memory.bytes();
      assumeTrue(bytes.isPresent(), "needs glibc");
      least = Math.min(least, bytes.getAsLong());
    }
    return least;
  }

  private void cycles(ModelGraph model, int count) {
    for (int i = 0; i < count; i++) {
      try (SessionLease lease = runtime.lease(model, soon())) {
        lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3)), soon());
      }
      assertThat(runtime.retire(model, soon())).isTrue();
    }
  }
}
