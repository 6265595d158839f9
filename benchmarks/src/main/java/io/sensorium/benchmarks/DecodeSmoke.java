package io.sensorium.benchmarks;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionStatus;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.bench.RandomLlama;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Decodes greedily with the default language model and with one of random weights in several
 * precisions, and notes everything that another device has to agree with.
 */
final class DecodeSmoke {
  private static final String DEFAULT_MODEL = "lm-default";
  private static final List<Precision> PRECISIONS =
      List.of(Precision.FLOAT32, Precision.FLOAT16, Precision.INT4);
  private static final int PROMPT = 16;
  private static final int TOKENS = 64;
  private static final int WARM_UP = 16;
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final Sensorium sensorium;
  private final RandomLlama size;
  private final Path checkpoint;

  /**
   * @param checkpoint the folder that {@code size} was written to
   */
  DecodeSmoke(Sensorium sensorium, RandomLlama size, Path checkpoint) {
    this.sensorium = sensorium;
    this.size = size;
    this.checkpoint = checkpoint;
  }

  /** What each model says, by a name that is the same on every device. */
  Map<String, Decoded> run() {
    Map<String, Decoded> decoded = new LinkedHashMap<>();
    decoded.put(DEFAULT_MODEL, decode(sensorium.models().find(DEFAULT_MODEL).orElseThrow()));
    LocalOperations operations = new LocalOperations(sensorium);
    for (Precision precision : PRECISIONS) {
      String id = "llama-%s-%s".formatted(size.label(), precision.label());
      operations.importModel(
          new ImportArguments(
              checkpoint.toString(), id, null, true, precision.label(), null, null, null),
          Call.within(LIMIT));
      decoded.put(id, decode(sensorium.models().find(id).orElseThrow()));
      sensorium.models().remove(id);
    }
    return decoded;
  }

  private Decoded decode(ModelPackage model) {
    RequestContext context = RequestContext.within(LIMIT);
    SequenceLimits limits = new SequenceLimits(1, PROMPT + TOKENS);
    try (LanguageModel open =
        sensorium.service(LanguageBackend.class).open(model, limits, context)) {
      decode(open, WARM_UP, context);
      long begun = System.nanoTime();
      Steps steps = decode(open, TOKENS, context);
      double seconds = (System.nanoTime() - begun - steps.promptNanos) / 1e9;
      return new Decoded(
          provider(model),
          steps.ids,
          steps.logits,
          steps.exchanged / (TOKENS - 1),
          Long.BYTES + (long) Float.BYTES * open.vocabularySize(),
          (TOKENS - 1) / seconds);
    }
  }

  private String provider(ModelPackage model) {
    return sensorium.service(InferenceRuntime.class).sessions().stream()
        .filter(session -> session.model().equals(model.manifest().id()))
        .map(SessionStatus::executionProvider)
        .findFirst()
        .orElse("none");
  }

  private static final class Steps {
    private final List<Integer> ids = new ArrayList<>();
    private final List<FloatBuffer> logits = new ArrayList<>();
    private long promptNanos;
    private long exchanged;
  }

  /** The prompt gives the first token, each of the others the next. */
  private static Steps decode(LanguageModel model, int tokens, RequestContext context) {
    Steps steps = new Steps();
    try (Sequence sequence = model.begin()) {
      List<Integer> next =
          IntStream.range(0, PROMPT)
              .map(i -> (7 * i + 3) % model.vocabularySize())
              .boxed()
              .toList();
      long begun = System.nanoTime();
      long before = 0;
      for (int step = 0; step < tokens; step++) {
        FloatBuffer logits =
            model.extend(List.of(new Extension(sequence, next)), context).getFirst().logits();
        steps.logits.add(logits);
        next = List.of(largest(logits));
        steps.ids.add(next.getFirst());
        if (step == 0) {
          steps.promptNanos = System.nanoTime() - begun;
          before = model.exchangedBytes();
        }
      }
      steps.exchanged = model.exchangedBytes() - before;
    }
    return steps;
  }

  private static int largest(FloatBuffer logits) {
    int best = 0;
    for (int token = 1; token < logits.limit(); token++) {
      best = logits.get(token) > logits.get(best) ? token : best;
    }
    return best;
  }

  /**
   * What one model said on one device.
   *
   * @param provider that really ran it
   * @param ids the tokens, greedily
   * @param logits of each
   * @param exchangedBytesPerToken between Java and the device, counted by the binding
   * @param idAndLogitsBytes what has to be exchanged for a token
   */
  record Decoded(
      String provider,
      List<Integer> ids,
      List<FloatBuffer> logits,
      long exchangedBytesPerToken,
      long idAndLogitsBytes,
      double tokensPerSecond) {

    /** Whether nothing of the past crosses: neither keys nor values, which grow with it. */
    boolean staysOnDevice() {
      return exchangedBytesPerToken <= idAndLogitsBytes;
    }

    /** Tokens until the first that another one chose differently; all of them if none. */
    int agreeingTokens(Decoded other) {
      int agreeing = 0;
      while (agreeing < ids.size() && ids.get(agreeing).equals(other.ids.get(agreeing))) {
        agreeing++;
      }
      return agreeing;
    }

    /**
     * The largest difference of logits that had the same past, to the largest logit: those up to
     * the first token that was chosen differently, that one's included.
     */
    double logitDifference(Decoded other) {
      int comparable = Math.min(ids.size(), agreeingTokens(other) + 1);
      double difference = 0;
      double largest = 0;
      for (int step = 0; step < comparable; step++) {
        FloatBuffer own = logits.get(step);
        FloatBuffer others = other.logits.get(step);
        for (int token = 0; token < own.limit(); token++) {
          difference = Math.max(difference, Math.abs(own.get(token) - others.get(token)));
          largest = Math.max(largest, Math.abs(others.get(token)));
        }
      }
      return difference / largest;
    }
  }
}
