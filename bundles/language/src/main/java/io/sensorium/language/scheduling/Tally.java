package io.sensorium.language.scheduling;

import io.sensorium.api.language.LanguageModelStatus.Work;
import java.util.concurrent.atomic.LongAdder;

/** What one model has done, whenever it was open. Thread-safe. */
public final class Tally {
  private final LongAdder requests = new LongAdder();
  private final LongAdder runs = new LongAdder();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder rememberedTokens = new LongAdder();
  private final LongAdder prefixHits = new LongAdder();
  private final LongAdder answerTokens = new LongAdder();
  private final RecentRate answers = new RecentRate(System.nanoTime());

  /** A request was answered or failed. */
  void request() {
    requests.increment();
  }

  /** The model has run. */
  void run() {
    runs.increment();
  }

  void promptTokens(int read) {
    promptTokens.add(read);
  }

  /** What a request wants next need not be run as far as it is remembered. */
  void remembered(int tokens) {
    rememberedTokens.add(tokens);
    prefixHits.add(tokens > 0 ? 1 : 0);
  }

  void answerTokens(int made) {
    answerTokens.add(made);
    if (made > 0) {
      answers.add(made, System.nanoTime());
    }
  }

  /** What was done so far. */
  public Work work() {
    return new Work(
        requests.sum(),
        runs.sum(),
        promptTokens.sum(),
        rememberedTokens.sum(),
        prefixHits.sum(),
        answerTokens.sum());
  }

  /** Tokens of answers a second, lately. */
  double answerTokensPerSecond() {
    return answers.perSecond(System.nanoTime());
  }
}
