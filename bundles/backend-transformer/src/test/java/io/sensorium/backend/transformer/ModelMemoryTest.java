package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.Reclaimable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory of caches, and who has it. */
@Timeout(120)
class ModelMemoryTest extends DecoderFixture {
  @Test
  void reservesItsCachesAndGivesThemBack() throws IOException {
    ModelPackage imported = imported("llama-grouped");
    long before = reserved();
    LanguageModel model = backend.open(imported, new SequenceLimits(4, 64), soon());
    // 3 layers of keys and values, 2 heads of 8 channels, 64 tokens, and the mask.
    long caches = 4L * (3 * 2 * 2 * 8 * 64 * Float.BYTES + 64 * Long.BYTES);
    assertThat(runtime.report().devices().getFirst().holdings())
        .anyMatch(holding -> holding.reserved().total() == caches);
    model.close();
    model.close();
    assertThat(runtime.retire(imported.graphs().getFirst(), soon())).isTrue();
    assertThat(reserved()).isEqualTo(before);
  }

  @Test
  void givesItsMemoryToOthersWhenItsHolderLets() throws IOException {
    long budget = runtime.report().devices().getFirst().budgetBytes().orElseThrow();
    LanguageModel model = open("llama-grouped", 2);
    AtomicInteger asked = new AtomicInteger();
    model.reclaimableBy(
        new Reclaimable() {
          @Override
          public int priority() {
            return 0;
          }

          @Override
          public Duration idle() {
            return Duration.ofSeconds(1);
          }

          @Override
          public boolean reclaim() {
            asked.incrementAndGet();
            model.close();
            return true;
          }
        });
    MemoryRequest all = MemoryRequest.of("cpu", "somebody else", MemoryKind.OTHER, budget);
    try (Reservation reservation = runtime.reserve(all, soon())) {
      assertThat(reservation.amounts().total()).isEqualTo(budget);
    }
    assertThat(asked).hasPositiveValue();
    assertThat(runtime.sessions()).isEmpty();
  }
}
