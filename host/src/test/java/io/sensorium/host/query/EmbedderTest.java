package io.sensorium.host.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.FakeEmbeddings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbedderTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final ShortQueue service = new ShortQueue(Embedder.MOST_AT_ONCE);
  private final Embedder embedder =
      new Embedder(() -> service, () -> RequestContext.within(TIMEOUT));

  @Test
  void moreItemsThanAQueueTakesAreEmbeddedInTheirOrder() {
    List<Embedding> embedded = embedder.embed(items(1021));

    assertThat(embedded)
        .isEqualTo(
            IntStream.range(0, 1021).mapToObj(i -> FakeEmbeddings.unit("item " + i)).toList());
  }

  @Test
  void nothingIsNothing() {
    assertThat(embedder.embed(List.of())).isEmpty();
  }

  @Test
  void theFirstThatFailsIsToldAndThoseBehindItAreGivenUp() {
    List<EncodeRequest> items = new ArrayList<>(items(7));
    items.set(2, EncodeRequest.text("!broken"));

    assertThatThrownBy(() -> embedder.embed(items)).isInstanceOf(UnsupportedInputException.class);

    assertThat(service.contexts).hasSize(7);
    assertThat(service.contexts.subList(0, 3)).noneMatch(RequestContext::isCancelled);
    assertThat(service.contexts.subList(3, 7)).allMatch(RequestContext::isCancelled);
  }

  @Test
  void oneThatCannotBeReadOrEmbeddedIsNoOthersLoss() {
    List<Supplier<EncodeRequest>> items = new ArrayList<>();
    items(257).forEach(item -> items.add(() -> item));
    items.set(2, () -> EncodeRequest.text("!broken"));
    items.set(
        200,
        () -> {
          throw new IllegalArgumentException("no such file");
        });

    List<Embedder.Outcome> outcomes = embedder.embedEach(items);

    assertThat(outcomes).hasSize(257);
    for (int i = 0; i < 257; i++) {
      Embedder.Outcome outcome = outcomes.get(i);
      if (i == 2 || i == 200) {
        assertThat(outcome.embedding()).isEmpty();
      } else {
        assertThat(outcome.embedding()).contains(FakeEmbeddings.unit("item " + i));
      }
    }
    assertThat(outcomes.get(2).failure()).containsInstanceOf(UnsupportedInputException.class);
    assertThat(outcomes.get(200).failure()).map(Throwable::getMessage).contains("no such file");
  }

  @Test
  void whoIsInterruptedLosesTheRestOfManyItemsToo() {
    service.answers = false;
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> embedder.embedEach(List.of(() -> EncodeRequest.text("a"))))
        .isInstanceOf(RequestCancelledException.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() {
    service.answers = false;
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> embedder.embed(items(2)))
        .isInstanceOf(RequestCancelledException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(service.contexts.getLast().isCancelled()).isTrue();
  }

  private static List<EncodeRequest> items(int count) {
    return IntStream.range(0, count).mapToObj(i -> EncodeRequest.text("item " + i)).toList();
  }

  /** Takes so many items at once, and answers the oldest when it is waited for. */
  private static final class ShortQueue implements EmbeddingService {
    private final FakeEmbeddings fake = new FakeEmbeddings();
    private final int length;
    private final List<Answer> unanswered = new ArrayList<>();
    private final List<RequestContext> contexts = new ArrayList<>();
    private boolean answers = true;

    private ShortQueue(int length) {
      this.length = length;
    }

    @Override
    public CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context) {
      if (unanswered.size() == length) {
        return CompletableFuture.failedFuture(new ResourceExhaustedException("the queue is full"));
      }
      contexts.add(context);
      Answer answer = new Answer(request, context);
      unanswered.add(answer);
      return answer;
    }

    private final class Answer extends CompletableFuture<Embedding> {
      private final EncodeRequest request;
      private final RequestContext context;

      private Answer(EncodeRequest request, RequestContext context) {
        this.request = request;
        this.context = context;
      }

      @Override
      public Embedding get() throws InterruptedException, ExecutionException {
        if (answers) {
          unanswered.remove(this);
          try {
            complete(fake.embed(request, context));
          } catch (SensoriumException e) {
            completeExceptionally(e);
          }
        }
        return super.get();
      }
    }

    @Override
    public Embedding embed(EncodeRequest request, RequestContext context) {
      return fake.embed(request, context);
    }

    @Override
    public Optional<Modality> modalityOf(MediaInput input) {
      return fake.modalityOf(input);
    }

    @Override
    public List<EncoderStatus> encoders() {
      return fake.encoders();
    }
  }
}
