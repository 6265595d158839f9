package io.sensorium.host.bench;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** An open model whose sequences decode greedily, alone and together. One thread at a time. */
final class DecodeTrial implements AutoCloseable {
  /** Sequences that decode together. */
  static final int TOGETHER = 8;

  /** Tokens that a sequence begins with. */
  static final int PROMPT = 16;

  private static final Duration LIMIT = Duration.ofHours(1);

  private final LanguageModel model;
  private final List<Sequence> sequences = new ArrayList<>();
  private final int[] next = new int[TOGETHER];
  private long exchanged;
  private long steps;

  /** Takes the model over. */
  DecodeTrial(LanguageModel model) {
    this.model = model;
    for (int i = 0; i < TOGETHER; i++) {
      Sequence sequence = model.begin();
      sequences.add(sequence);
      int first = 100 * i + 1;
      List<Integer> prompt = IntStream.range(first, first + PROMPT).boxed().toList();
      extend(List.of(new Extension(sequence, prompt)), new int[] {i});
    }
  }

  /** Tokens a second of the first sequence alone. */
  double alone(int tokens) {
    long before = model.exchangedBytes();
    double rate = alone(0, tokens);
    exchanged += model.exchangedBytes() - before;
    steps += tokens;
    return rate;
  }

  private double alone(int number, int tokens) {
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

  private static int largest(FloatBuffer logits) {
    int best = 0;
    for (int token = 1; token < logits.limit(); token++) {
      best = logits.get(token) > logits.get(best) ? token : best;
    }
    return best;
  }

  /** The tokens of the first sequence. */
  int length() {
    return sequences.getFirst().length();
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
