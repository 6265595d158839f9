package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.model.ModelRepository;
import io.sensorium.host.FakeModels;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SettledModelsTest {
  private final ModelRepository dead = settling(CompletableFuture::new);
  private final ModelRepository closed =
      settling(
          () -> {
            throw new RejectedExecutionException("it is closed");
          });
  private final ModelRepository good = new FakeModels();

  private static ModelRepository settling(Supplier<CompletableFuture<Void>> settling) {
    return new FakeModels(settling, List.of());
  }

  @Test
  void whoWaitsLooksForTheRepositoryThatTookTheOthersPlace() throws Exception {
    Queue<Optional<ModelRepository>> present =
        new ArrayDeque<>(
            List.of(Optional.of(dead), Optional.of(closed), Optional.empty(), Optional.of(good)));
    assertThat(new SettledModels(present::remove).await(in(Duration.ofMinutes(1)))).isSameAs(good);
  }

  @Test
  void theTimeIsOverForWhatNeverComes() {
    assertThatThrownBy(
            () -> new SettledModels(() -> Optional.of(dead)).await(in(Duration.ofMillis(7))))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("checking the model packages");
    assertThatThrownBy(() -> new SettledModels(Optional::empty).await(in(Duration.ofMillis(7))))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("no active bundle");
  }

  @Test
  void aCheckThatFailsIsTold() {
    ModelRepository failing =
        settling(() -> CompletableFuture.failedFuture(new IllegalStateException("full disk")));
    assertThatThrownBy(
            () -> new SettledModels(() -> Optional.of(failing)).await(in(Duration.ofMinutes(1))))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("full disk");
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }
}
