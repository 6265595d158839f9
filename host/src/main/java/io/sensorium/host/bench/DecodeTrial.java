package io.sensorium.host.bench;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceAdditions;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An open model whose sequences decode greedily, alone and together. Every figure begins behind the
 * same prompt, with a step that does not count: it binds what the steps after it find bound. One
 * thread at a time.
 */
final class DecodeTrial implements AutoCloseable {
  /** Sequences that decode together. */
  static final int TOGETHER = 8;

  /** Tokens that a sequence has at most, as the peers' have. */
  static final int CONTEXT = 1024;

  /** Tokens that a figure begins with. */
  private static final int PROMPT = 16;

  /** Steps after which the JVM has compiled what a step runs. */
  private static final int WARM_UP_STEPS = 200;

  private static final Duration LIMIT = Duration.ofHours(1);

  private final LanguageModel model;
  private final List<Sequence> sequences = new ArrayList<>();
  private final int[] next = new int[TOGETHER];
  private final float[] values;
  private long exchanged;
  private long steps;

  /**
   * Takes the model over.
   *
   * @param adapters that sequences have in turn; none for the model as it is
   */
  DecodeTrial(LanguageModel model, List<LowRankAdapter> adapters) {
    this.model = model;
    this.values = new float[model.vocabularySize()];
    List<SequenceAdditions> additions =
        adapters.stream()
            .map(adapter -> model.load(adapter, RequestContext.within(LIMIT)))
            .map(loaded -> new SequenceAdditions(Optional.of(loaded), Optional.empty()))
            .toList();
    for (int i = 0; i < TOGETHER; i++) {
      Sequence sequence =
          additions.isEmpty() ? model.begin() : model.begin(additions.get(i % additions.size()));
      sequences.add(sequence);
      int first = 100 * i + 1;
      List<Integer> prompt = IntStream.range(first, first + PROMPT).boxed().toList();
      extend(List.of(new Extension(sequence, prompt)), new int[] {i});
    }
  }

  /** Decodes until steps take as long as they do in a host that has run for a while. */
  void warmUp(int tokens) {
    for (int steps = 0; steps < WARM_UP_STEPS; steps += tokens) {
      alone(0, tokens);
      together(tokens);
    }
  }

  /** Tokens a second of the first sequence alone. */
  double alone(int tokens) {
    long before = model.exchangedBytes();
    double rate = alone(0, tokens);
    exchanged += model.exchangedBytes() - before;
    steps += tokens + 1;
    return rate;
  }

  private double alone(int number, int tokens) {
    sequences.get(number).truncate(PROMPT);
    extend(List.of(extension(number)), new int[] {number});
    long start = System.nanoTime();
    for (int step = 0; step < tokens; step++) {
      extend(List.of(extension(number)), new int[] {number});
    }
    return tokens / ((System.nanoTime() - start) / 1e9);
  }

  /** Tokens a second of all sequences, which decode the same number together. */
  double oneAfterAnother(int tokens) {
    int each = Math.max(1, tokens / TOGETHER);
    double seconds = 0;
    for (int number = 0; number < TOGETHER; number++) {
      seconds += each / alone(number, each);
    }
    return TOGETHER * each / seconds;
  }

  /** Tokens a second of all sequences in one run a step. */
  double together(int tokens) {
    int each = Math.max(1, tokens / TOGETHER);
    int[] all = IntStream.range(0, TOGETHER).toArray();
    sequences.forEach(sequence -> sequence.truncate(PROMPT));
    extend(IntStream.of(all).mapToObj(this::extension).toList(), all);
    long start = System.nanoTime();
    for (int step = 0; step < each; step++) {
      extend(IntStream.of(all).mapToObj(this::extension).toList(), all);
    }
    return TOGETHER * each / ((System.nanoTime() - start) / 1e9);
  }

  private Extension extension(int number) {
    return new Extension(sequences.get(number), List.of(next[number]));
  }

  private void extend(List<Extension> extensions, int[] numbers) {
    List<Prediction> predictions = model.extend(extensions, RequestContext.within(LIMIT));
    for (int i = 0; i < numbers.length; i++) {
      next[numbers[i]] = largest(predictions.get(i).logits());
    }
  }

  /** In two passes, of which the first one runs on vectors. */
  private int largest(FloatBuffer logits) {
    logits.get(0, values);
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      most = Math.max(most, value);
    }
    int token = 0;
    while (values[token] != most) {
      token++;
    }
    return token;
  }

  /** Tokens that a sequence has in the middle of a figure. */
  static double middle(int tokens) {
    return PROMPT + 1 + tokens / 2.0;
  }

  /** Of a sequence alone, counted by the binding. */
  long exchangedBytesPerToken() {
    return exchanged / Math.max(1, steps);
  }

  /** What has to be exchanged for a token. */
  long idAndLogitsBytes() {
    return Long.BYTES + (long) Float.BYTES * model.vocabularySize();
  }

  @Override
  public void close() {
    model.close();
  }
}
