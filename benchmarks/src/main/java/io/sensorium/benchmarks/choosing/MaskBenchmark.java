package io.sensorium.benchmarks.choosing;

import io.sensorium.language.decoding.TokenConstraint;
import io.sensorium.language.schema.SchemaConstraints;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * Which tokens may follow in an answer that must satisfy a schema: one mask after the other along
 * answers that are drawn evenly.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MaskBenchmark {
  private static final int LONGEST = 100;

  /** Tokens in the vocabulary. */
  @Param({"32000", "128000"})
  public int vocabulary;

  /** What answers satisfy. */
  @Param public Schema schema;

  /** Whether every answer has a schema that was not seen before, so that no mask is kept. */
  @Param({"false", "true"})
  public boolean fresh;

  private SchemaConstraints constraints;
  private BitSet allowed;
  private SplittableRandom random;
  private TokenConstraint constraint;
  private int left;
  private int answers;

  /** Schemas of several kinds. */
  public enum Schema {
    PERSON(
        """
        "type": "object", "additionalProperties": false, "required": ["name", "address"],
        "properties": {"name": {"type": "string", "maxLength": 40},
          "address": {"type": "object", "additionalProperties": false, "required": ["code"],
            "properties": {"street": {"type": "string"}, "code": {"pattern": "^[0-9]{5}$",
              "type": "string"}}},
          "hobbies": {"type": "array", "items": {"enum": ["music", "sport", "reading"]}}}"""),
    LIMITS(
        """
        "type": "object", "additionalProperties": false, "required": ["title", "text", "share"],
        "properties": {"title": {"type": "string", "maxLength": 60},
          "text": {"type": "string", "maxLength": 200},
          "share": {"type": "number", "minimum": 0, "maximum": 1}}"""),
    PATTERN("\"type\": \"string\", \"pattern\": \"^[A-Z][a-z]+-[0-9]{2,8}$\""),
    OPEN("\"type\": \"object\"");

    private final String keywords;

    Schema(String keywords) {
      this.keywords = keywords;
    }

    private String text(int number) {
      return "{\"title\": \"%d\", %s}".formatted(number, keywords);
    }
  }

  /** Prepares the vocabulary. */
  @Setup
  public void prepare() {
    constraints = new SchemaConstraints(new WordVocabulary(vocabulary));
    allowed = new BitSet(vocabulary);
    random = new SplittableRandom(11);
  }

  /** Goes on by a token, or begins another answer. */
  @Setup(Level.Invocation)
  public void goOn() {
    if (left > 0 && !allowed.isEmpty()) {
      constraint.accept(drawn());
      left--;
    } else {
      constraint = constraints.constraint(schema.text(fresh ? answers++ : 0), LONGEST);
      left = LONGEST - 1;
    }
    allowed.set(0, vocabulary);
  }

  private int drawn() {
    int token = allowed.nextSetBit(random.nextInt(vocabulary));
    return token < 0 ? allowed.nextSetBit(0) : token;
  }

  /** One mask. */
  @Benchmark
  public BitSet mask() {
    constraint.restrict(allowed);
    return allowed;
  }
}
