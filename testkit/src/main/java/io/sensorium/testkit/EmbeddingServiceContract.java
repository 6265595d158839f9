package io.sensorium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.Modality;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link EmbeddingService} with encoders that are ready must do. */
public abstract class EmbeddingServiceContract {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int ROUNDS = 7;

  /** What a batch of other items may change: most in a quantised model, which scales by batch. */
  private static final double LEAST_COSINE = 0.98;

  /** The service under test. */
  protected abstract EmbeddingService service();

  /** Items that its encoders read, of all their modalities, each different from the others. */
  protected abstract List<EncodeRequest> readable();

  /** Items of a known modality that its encoder must refuse. */
  protected abstract List<EncodeRequest> unreadable();

  @Test
  void everyItemGetsAUnitVectorOfItsEncodersSpace() {
    for (EncodeRequest item : readable()) {
      Embedding embedding = service().embed(item, patient());
      EncoderStatus encoder =
          service().encoders().stream()
              .filter(status -> status.modality().equals(item.modality()))
              .filter(status -> status.space().equals(embedding.space()))
              .findFirst()
              .orElseThrow();
      assertThat(encoder.state()).isEqualTo(EncoderStatus.State.READY);
      assertThat(embedding.dimension()).isEqualTo(encoder.dimension());
      assertThat(embedding.norm()).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void manyAtOnceGetWhatEachGetsAlone() throws Exception {
    List<EncodeRequest> items = readable();
    List<Embedding> alone = items.stream().map(item -> service().embed(item, patient())).toList();
    List<CompletableFuture<Embedding>> together = new ArrayList<>();
    for (int i = 0; i < ROUNDS * items.size(); i++) {
      together.add(service().embedAsync(items.get(i % items.size()), patient()));
    }
    for (int i = 0; i < together.size(); i++) {
      Embedding answer = together.get(i).get(1, TimeUnit.MINUTES);
      assertThat(answer.cosine(alone.get(i % items.size())))
          .as("item %d", i % items.size())
          .isGreaterThan(LEAST_COSINE);
    }
  }

  @Test
  void anItemThatCannotBeReadFailsAloneAndItsNeighboursDoNot() throws Exception {
    EncodeRequest good = readable().getFirst();
    for (EncodeRequest bad : unreadable()) {
      CompletableFuture<Embedding> before = service().embedAsync(good, patient());
      assertThatThrownBy(() -> service().embed(bad, patient()))
          .as(bad.input().name())
          .isInstanceOf(UnsupportedInputException.class)
          .message()
          .isNotBlank();
      assertThat(before.get(1, TimeUnit.MINUTES).norm()).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void aModalityThatNobodyReadsIsGone() {
    EncodeRequest smell = EncodeRequest.of(new Modality("smell"), readable().getFirst().input());
    assertThatThrownBy(() -> service().embed(smell, patient()))
        .isInstanceOf(ServiceGoneException.class)
        .hasMessageContaining("smell");
  }

  @Test
  void aRequestThatIsLateOrCancelledSaysSo() {
    EncodeRequest item = readable().getFirst();
    assertThatThrownBy(() -> service().embed(item, RequestContext.within(Duration.ofNanos(1))))
        .isInstanceOf(DeadlineExceededException.class);
    RequestContext cancelled = patient();
    cancelled.cancel();
    assertThatThrownBy(() -> service().embed(item, cancelled))
        .isInstanceOf(RequestCancelledException.class);
  }

  private static RequestContext patient() {
    return RequestContext.within(PATIENCE);
  }
}
