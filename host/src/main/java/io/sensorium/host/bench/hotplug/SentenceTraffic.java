package io.sensorium.host.bench.hotplug;

import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Sentences for the default text encoder, which nobody changes: every answer is known before. */
final class SentenceTraffic implements Traffic {
  private static final List<String> SENTENCES =
      List.of(
          "a small bell",
          "three red birds on the left",
          "two large yellow drums and a small blue house beside them",
          "rain");

  /** Batches of other sizes round differently. */
  private static final double LEAST_COSINE = 0.999;

  private final Map<String, Embedding> expected = new LinkedHashMap<>();

  /**
   * @param service answers each sentence once
   */
  SentenceTraffic(Function<EncodeRequest, Embedding> service) {
    SENTENCES.forEach(each -> expected.put(each, service.apply(EncodeRequest.text(each))));
  }

  @Override
  public String name() {
    return "text";
  }

  @Override
  public Sent next(RandomGenerator random) {
    String sentence = SENTENCES.get(random.nextInt(SENTENCES.size()));
    Embedding right = expected.get(sentence);
    return new Sent(
        EncodeRequest.text(sentence),
        answer -> answer.cosine(right) >= LEAST_COSINE ? 1 : Judge.MIXED);
  }
}
