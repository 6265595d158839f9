package io.sensorium.benchmarks.choosing;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.Prediction;
import io.sensorium.language.decoding.Decoding;
import io.sensorium.language.decoding.DecodingRequest;
import io.sensorium.language.decoding.Decodings;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a strategy makes of logits: looking for what is no number, penalties, filters, the choice.
 * Logits are drawn from a normal distribution of standard deviation 3, and others each time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ChoiceBenchmark {
  private static final int PROMPT = 200;
  private static final int LONGEST = 400;
  private static final int DRAWN = 16;

  /** Tokens in the vocabulary. */
  @Param({"32000", "151936"})
  public int vocabulary;

  /** As users write it. */
  @Param({
    "greedy",
    "sample,temperature=0.8,top-k=50,top-p=0.9",
    "sample",
    "sample,top-p=0.9",
    "sample,min-p=0.05",
    "sample,typical-p=0.9"
  })
  public String strategy;

  /** Whether tokens that stand there already are penalised. */
  @Param({"false", "true"})
  public boolean penalties;

  private final float[][] drawn = new float[DRAWN][];
  private float[] logits;
  private DecodingRequest request;
  private Decoding decoding;
  private int number;

  /** Draws logits. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < DRAWN; i++) {
      drawn[i] = new float[vocabulary];
      for (int token = 0; token < vocabulary; token++) {
        drawn[i][token] = (float) (3 * random.nextGaussian());
      }
    }
    logits = new float[vocabulary];
    List<Integer> prompt = IntStream.range(100, 100 + PROMPT).boxed().toList();
    DecodingOptions options =
        new DecodingOptions(
            DecodingStrategy.parse(strategy),
            penalties ? new Penalties(1.2, 0.5, 0.5) : Penalties.NONE,
            LONGEST,
            true,
            List.of(),
            false,
            -1,
            Optional.empty(),
            Optional.empty());
    request = new DecodingRequest(prompt, options, Set.of());
  }

  /** Brings the next logits, to which the choice may do what it likes. */
  @Setup(Level.Invocation)
  public void goOn() {
    System.arraycopy(drawn[number++ % DRAWN], 0, logits, 0, vocabulary);
    if (decoding == null || decoding.finishReason().isPresent()) {
      SizesAlone model = new SizesAlone(vocabulary, PROMPT + LONGEST);
      decoding = Decodings.begin(model, model.begin(), request);
    }
  }

  /** One token. */
  @Benchmark
  public Decoding choice() {
    decoding.accept(List.of(new Prediction(FloatBuffer.wrap(logits))));
    return decoding;
  }
}
