package io.sensorium.language.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.sensorium.language.decoding.TokenConstraint;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SchemaConstraintTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  /** Which of the tokens that may follow is taken. */
  private interface Model {
    /** Answers a token, or -1 to end where that is allowed. */
    int next(TestVocabulary vocabulary, BitSet allowed, boolean mayEnd, Random random);
  }

  private static int uniform(
      TestVocabulary vocabulary, BitSet allowed, boolean mayEnd, Random random) {
    if (mayEnd && (allowed.isEmpty() || random.nextInt(4) == 0)) {
      return -1;
    }
    int[] tokens = allowed.stream().toArray();
    return tokens[random.nextInt(tokens.length)];
  }

  /** Never ends, opens whatever can be opened, and takes long tokens. */
  private static int rambling(
      TestVocabulary vocabulary, BitSet allowed, boolean mayEnd, Random random) {
    int best = -1;
    int score = -1;
    for (int token = allowed.nextSetBit(0); token >= 0; token = allowed.nextSetBit(token + 1)) {
      int own = random.nextInt(3);
      for (byte next : vocabulary.tokens().get(token)) {
        own += next == '{' || next == '[' ? 50 : next == '"' || next == ',' ? 10 : 1;
        own -= next == '}' || next == ']' ? 20 : 0;
      }
      own = Math.max(0, own);
      if (own > score) {
        score = own;
        best = token;
      }
    }
    return best;
  }

  private static String write(
      TokenConstraint constraint,
      TestVocabulary vocabulary,
      int maxTokens,
      Model model,
      Random random) {
    List<Integer> tokens = new ArrayList<>();
    while (tokens.size() < maxTokens) {
      BitSet allowed = new BitSet();
      allowed.set(0, vocabulary.size());
      constraint.restrict(allowed);
      assertThat(allowed.isEmpty() && !constraint.mayEnd())
          .as("nothing may follow %s", vocabulary.text(tokens))
          .isFalse();
      int token =
          allowed.isEmpty() ? -1 : model.next(vocabulary, allowed, constraint.mayEnd(), random);
      if (token < 0) {
        break;
      }
      constraint.accept(token);
      tokens.add(token);
    }
    assertThat(constraint.mayEnd()).as("ends: %s", vocabulary.text(tokens)).isTrue();
    return vocabulary.text(tokens);
  }

  private static void check(JsonSchema schema, String text) throws Exception {
    JsonNode value = MAPPER.readTree(text);
    assertThat(schema.validate(value)).as(text).isEmpty();
  }

  private static int needed(SchemaConstraints constraints, String schema) {
    try {
      constraints.constraint(schema, 1);
      return 1;
    } catch (IllegalArgumentException e) {
      java.util.regex.Matcher matcher =
          java.util.regex.Pattern.compile("value takes ([\\d,]+) tokens").matcher(e.getMessage());
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1).replace(",", ""));
      }
      throw e;
    }
  }

  @Test
  void whateverAModelPrefersRandomSchemasAreSatisfied() throws Exception {
    int count = Integer.getInteger("sensorium.schemas", 300);
    long seed = Long.getLong("sensorium.seed", 20_261_121);
    System.out.printf("seed %d, %,d schemas%n", seed, count);
    List<TestVocabulary> vocabularies =
        List.of(
            TestVocabulary.ofBytes("\"},{\"", "\": ", "[[", "{\"a\":{\"", "\\u00", "abc"),
            TestVocabulary.read(TestVocabulary.BYTE_LEVEL),
            TestVocabulary.read(TestVocabulary.LM_DEFAULT));
    List<SchemaConstraints> constraints =
        vocabularies.stream().map(SchemaConstraints::new).toList();
    int unsatisfiable = 0;
    int texts = 0;
    long characters = 0;
    for (int index = 0; index < count; index++) {
      Random random = new Random(seed + index);
      JsonNode json = RandomSchemas.next(random);
      int which = index % vocabularies.size();
      int needed;
      try {
        needed = needed(constraints.get(which), json.toString());
      } catch (IllegalArgumentException e) {
        assertThat(e).as(json.toString()).hasMessageContaining("is satisfied by no value");
        unsatisfiable++;
        continue;
      }
      JsonSchema schema = SCHEMAS.getSchema(json);
      for (Model model :
          List.<Model>of(SchemaConstraintTest::uniform, SchemaConstraintTest::rambling)) {
        int maxTokens = needed + (random.nextBoolean() ? random.nextInt(4) : random.nextInt(120));
        String text;
        try {
          text =
              write(
                  constraints.get(which).constraint(json.toString(), maxTokens),
                  vocabularies.get(which),
                  maxTokens,
                  model,
                  random);
          check(schema, text);
          texts++;
          characters += text.length();
        } catch (Exception | AssertionError e) {
          throw new AssertionError(
              "seed %d, schema %d, %d tokens (%d needed): %s"
                  .formatted(seed, index, maxTokens, needed, json),
              e);
        }
      }
    }
    System.out.printf(
        "%,d texts of %,d characters parse and validate; %,d schemas cannot be satisfied%n",
        texts, characters, unsatisfiable);
    assertThat(unsatisfiable).isLessThan(count / 5);
  }
}
