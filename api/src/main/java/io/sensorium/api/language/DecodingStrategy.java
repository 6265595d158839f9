package io.sensorium.api.language;

import java.util.Objects;
import java.util.OptionalLong;

/** How the next token is chosen. Immutable. */
public sealed interface DecodingStrategy {
  /** Always the most probable token; of equals the one with the lower id. */
  record Greedy() implements DecodingStrategy {}

  /**
   * Draws by probability, after the filters have cut it, in the order of the parameters.
   *
   * @param temperature logits are divided by it, above 0
   * @param topK only so many of the most probable tokens; 0 for all
   * @param topP the most probable tokens whose sum reaches it, in (0, 1]; 1 for all. Holtzman et
   *     al., "The Curious Case of Neural Text Degeneration" (2020)
   * @param minP tokens of at least this share of the best one's probability, in [0, 1); 0 for all.
   *     Nguyen et al., "Turning Up the Heat: Min-p Sampling" (2024)
   * @param typicalP tokens near the expected information until their sum reaches it, in (0, 1]; 1
   *     for all. Meister et al., "Locally Typical Sampling" (2023)
   * @param seed equal seeds draw equal tokens; empty for another draw each time
   */
  record Sample(
      double temperature, int topK, double topP, double minP, double typicalP, OptionalLong seed)
      implements DecodingStrategy {
    public Sample {
      require(
          temperature > 0 && temperature <= 100, "temperature must be in (0, 100]", temperature);
      require(topK >= 0, "top-k must be at least 0", topK);
      require(topP > 0 && topP <= 1, "top-p must be in (0, 1]", topP);
      require(minP >= 0 && minP < 1, "min-p must be in [0, 1)", minP);
      require(typicalP > 0 && typicalP <= 1, "typical-p must be in (0, 1]", typicalP);
    }
  }

  /**
   * Keeps the most probable texts instead of tokens.
   *
   * @param width texts kept, 1..64
   * @param lengthPenalty sums of log-probabilities are divided by {@code length^lengthPenalty}, the
   *     length in tokens made; above 0 longer texts gain by it, below 0 shorter ones
   * @param earlyStopping when to look for no better text
   */
  record Beam(int width, double lengthPenalty, EarlyStopping earlyStopping)
      implements DecodingStrategy {
    public Beam {
      Objects.requireNonNull(earlyStopping, "earlyStopping");
      require(width >= 1 && width <= 64, "a beam's width must be in 1..64", width);
      require(Double.isFinite(lengthPenalty), "length penalty must be finite", lengthPenalty);
    }
  }

  /** When a beam search looks for no better text. */
  enum EarlyStopping {
    /** As soon as {@code width} texts are finished: transformers' {@code True}. */
    WHEN_FULL,
    /**
     * When {@code width} texts are finished and the best unfinished one, if it ended now, were no
     * better than the worst of them: transformers' {@code False}.
     */
    UNLIKELY_BETTER,
    /**
     * When {@code width} texts are finished and none can become better, however long it grows:
     * transformers' {@code "never"}.
     */
    NEVER_BETTER
  }

  /**
   * Weighs probability against likeness to what stands there already. Su et al., "A Contrastive
   * Framework for Neural Text Generation" (2022).
   *
   * @param topK candidates, 2..64
   * @param alpha the weight of likeness, in [0, 1]
   */
  record Contrastive(int topK, double alpha) implements DecodingStrategy {
    public Contrastive {
      require(topK >= 2 && topK <= 64, "contrastive top-k must be in 2..64", topK);
      require(alpha >= 0 && alpha <= 1, "contrastive alpha must be in [0, 1]", alpha);
    }
  }

  /**
   * Reads a strategy as it is written on a command line: its name, then settings, for instance
   * {@code greedy}, {@code beam,width=4,length-penalty=1.2,early-stopping=never}, {@code
   * sample,temperature=0.8,top-k=50,top-p=0.9,min-p=0.05,typical-p=0.95,seed=3} or {@code
   * contrastive,top-k=4,alpha=0.6}. What is left out is: temperature 1 and no filter, a seed that
   * differs each time; width 4, length penalty 1, early stopping {@code false} (of {@code true},
   * {@code false} and {@code never}, transformers' words); 4 candidates, alpha 0.6.
   *
   * @throws IllegalArgumentException naming what is wrong and everything that is allowed
   */
  static DecodingStrategy parse(String text) {
    return StrategyWords.parse(text);
  }

  private static void require(boolean holds, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException("%s; got %s".formatted(rule, value));
    }
  }
}
