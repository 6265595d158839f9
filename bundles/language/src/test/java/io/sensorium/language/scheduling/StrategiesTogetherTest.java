package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;
import io.sensorium.language.decoding.Decoding;
import io.sensorium.language.decoding.DecodingRequest;
import io.sensorium.language.decoding.Decodings;
import io.sensorium.language.decoding.RandomModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strategies that fork and compare go together with chunks, shared runs and kept beginnings. */
@Timeout(120)
class StrategiesTogetherTest {
  private static final int VOCABULARY = 61;
  private static final int PLACES = 9;
  private static final List<String> STRATEGIES =
      List.of("greedy", "beam,width=4", "contrastive,top-k=3", "sample,top-p=0.9,seed=7");

  /** A model that is open. */
  private record Opened(LanguageModel model, int sequences) implements OpenedModel {
    @Override
    public void close() {
      model.close();
    }
  }

  /** A request in tokens, answered in tokens. */
  private record TokenJob(DecodingRequest request) implements Job {
    @Override
    public int sequences() {
      return Decodings.sequences(request.options().strategy());
    }

    @Override
    public void prepare() {}

    @Override
    public Decoding begin(LanguageModel model, Sequence sequence) {
      return Decodings.begin(model, sequence, request);
    }

    @Override
    public String advance(Decoding decoding) {
      return "";
    }

    @Override
    public String end() {
      return "";
    }

    @Override
    public Generation finish(Decoding decoding, Duration prefill, Duration decode) {
      return new Generation(
          "",
          decoding.certain(),
          "random 1",
          request.prompt().size(),
          decoding.finishReason().orElseThrow(),
          List.of(),
          prefill,
          decode);
    }
  }

  @Test
  void everyStrategySaysInCompanyWhatItSaysAlone() {
    long seed = 20261121;
    SplittableRandom random = new SplittableRandom(seed);
    List<DecodingRequest> requests = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      List<Integer> prompt = new ArrayList<>();
      if (i % 3 > 0) {
        prompt.addAll(requests.get(random.nextInt(requests.size())).prompt());
      }
      random.ints(random.nextInt(1, 70), 0, VOCABULARY).forEach(prompt::add);
      DecodingStrategy strategy =
          DecodingStrategy.parse(STRATEGIES.get(random.nextInt(STRATEGIES.size())));
      requests.add(new DecodingRequest(prompt, options(strategy, 1 + i % 13), Set.of(5, 30)));
    }
    try (ExecutorService outside = Executors.newVirtualThreadPerTaskExecutor()) {
      RandomModel shared = new RandomModel(VOCABULARY, PLACES, 4096, seed);
      ModelScheduler scheduler =
          new ModelScheduler(
              "random",
              () -> new Opened(shared, PLACES),
              new SchedulerSettings(100, 16, true),
              new Tally());
      scheduler.start();
      List<Ticket> tickets =
          requests.stream()
              .map(request -> submit(scheduler, new TokenJob(request), outside))
              .toList();
      for (int i = 0; i < requests.size(); i++) {
        RandomModel own = new RandomModel(VOCABULARY, PLACES, 4096, seed);
        Decoding alone = RandomModel.run(own, Decodings.begin(own, own.begin(), requests.get(i)));
        assertThat(tickets.get(i).answer().join().tokenIds())
            .as("seed %d, request %d: %s", seed, i, requests.get(i).options().strategy())
            .isEqualTo(alone.certain());
      }
      scheduler.drain();
      assertThat(scheduler.awaitEnd(Duration.ofMinutes(1))).isTrue();
      assertThat(shared.living()).isZero();
    }
  }

  private static Ticket submit(ModelScheduler scheduler, Job job, ExecutorService outside) {
    RequestContext context = RequestContext.within(Duration.ofMinutes(1));
    Ticket ticket = new Ticket(job, piece -> {}, context, outside);
    assertThat(scheduler.submit(ticket)).isTrue();
    return ticket;
  }

  private static DecodingOptions options(DecodingStrategy strategy, int most) {
    return new DecodingOptions(
        strategy,
        new Penalties(1.2, 0.1, 0.1),
        most,
        false,
        List.of(),
        false,
        -1,
        Optional.empty(),
        Optional.empty());
  }
}
