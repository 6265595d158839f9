package io.sensorium.language.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.math.BigDecimal;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SchemaLanguageTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  @Test
  void exactlyTheValuesThatAValidatorAcceptsAreRead() throws Exception {
    long seed = Long.getLong("sensorium.seed", 7);
    int valid = 0;
    int invalid = 0;
    for (int index = 0; index < 400; index++) {
      Random random = new Random(seed + index);
      JsonNode json = RandomSchemas.next(random);
      Reading reading;
      try {
        reading = new Reading(json.toString());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("is satisfied by no value");
        continue;
      }
      JsonSchema schema = SCHEMAS.getSchema(json);
      RandomValues values = new RandomValues(json, random);
      for (int count = 0; count < 20; count++) {
        JsonNode value = values.next();
        String text = MAPPER.writeValueAsString(value);
        boolean expected = schema.validate(MAPPER.readTree(text)).isEmpty();
        assertThat(reading.accepts(text))
            .as("seed %d, schema %d: %s of %s", seed, index, text, json)
            .isEqualTo(expected);
        valid += expected ? 1 : 0;
        invalid += expected ? 0 : 1;
      }
    }
    System.out.printf("seed %d: %,d valid values, %,d others%n", seed, valid, invalid);
    assertThat(valid).isGreaterThan(2_000);
    assertThat(invalid).isGreaterThan(1_000);
  }

  @Test
  void patternsMatchWhatJavasMatch() {
    String[] patterns = {
      "^a",
      "a$",
      "^a|b$",
      "(^a|b)c",
      "a(b|c)*d",
      "^(ab){2,3}$",
      "^a{0}b?$",
      "[^ab]c",
      "a.c",
      "^(a|ab)(bc|c)$",
      "^\\w+\\s\\d$",
      "[a-c]{2}x?$",
      "^$",
      "^(?:a|b)+?c",
      "\\u0061[\\x62-d]",
      "^[^\\s]+$",
      "a|",
      "^(a*)*b$",
      "[-a]b[a-]",
      "^\\.[.]\\S$"
    };
    Random random = new Random(3);
    String letters = "aabbccdx .-1\n";
    for (String pattern : patterns) {
      Pattern java = Pattern.compile(pattern.replace("$", "\\z"));
      String schema =
          JsonNodeFactory.instance
              .objectNode()
              .put("type", "string")
              .put("pattern", pattern)
              .toString();
      Reading reading = new Reading(schema);
      for (int count = 0; count < 500; count++) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
          text.append(letters.charAt(random.nextInt(letters.length())));
        }
        String json = JsonNodeFactory.instance.textNode(text.toString()).toString();
        assertThat(reading.accepts(json))
            .as("%s in %s (seed 3)", pattern, json)
            .isEqualTo(java.matcher(text).find());
      }
    }
  }

  @Test
  void numbersAreReadExactlyWithinTheirBounds() {
    String[] schemas = {
      "{'type':'integer','minimum':-12,'maximum':105}",
      "{'type':'integer','exclusiveMinimum':7,'multipleOf':7}",
      "{'type':'integer','maximum':-9,'multipleOf':2.5}",
      "{'type':'number','minimum':-0.5,'exclusiveMaximum':1.25}",
      "{'type':'number','minimum':2,'maximum':30,'multipleOf':0.25}",
      "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':0.01}",
    };
    char[] letters = "-.0123456789".toCharArray();
    for (String schema : schemas) {
      String json = schema.replace('\'', '"');
      Reading reading = new Reading(json);
      JsonSchema validator = SCHEMAS.getSchema(json);
      int[] digits = new int[4];
      for (int count = 0; count < 12 * 12 * 12 * 12; count += 1 + count % 3) {
        StringBuilder text = new StringBuilder();
        int rest = count;
        for (int place = 0; place < digits.length && rest > 0; place++) {
          text.append(letters[rest % 12]);
          rest /= 12;
        }
        String written = text.toString();
        boolean number = written.matches("-?(0|[1-9]\\d*)(\\.\\d+)?");
        boolean negativeZero =
            number && written.startsWith("-") && new BigDecimal(written).signum() == 0;
        boolean whole = json.contains("integer") && written.contains(".");
        boolean expected =
            number
                && !negativeZero
                && !whole
                && validator
                    .validate(JsonNodeFactory.instance.numberNode(new BigDecimal(written)))
                    .isEmpty();
        assertThat(reading.accepts(written)).as("%s of %s", written, json).isEqualTo(expected);
      }
    }
  }

  @Test
  void onlyWholeCharactersAndPairsAreRead() {
    Reading any = new Reading("{\"type\":\"string\"}");
    assertThat(any.accepts("\"\uD83D\uDC1F\\ud83d\\uDC1f\\u00e9\\n\\/\"")).isTrue();
    assertThat(any.accepts("\"\\ud83d\"")).isFalse();
    assertThat(any.accepts("\"\\udc1f\"")).isFalse();
    assertThat(any.accepts("\"\\ud83d\\u0041\"")).isFalse();
    assertThat(any.accepts("\"\n\"")).isFalse();
    assertThat(any.accepts("\"\\x\"")).isFalse();
    Reading fish = new Reading("{\"const\":\"\uD83D\uDC1F\"}");
    assertThat(fish.accepts("\"\uD83D\uDC1F\"")).isTrue();
    assertThat(fish.accepts("\"\\uD83d\\udc1F\"")).isTrue();
    assertThat(fish.accepts("\"\uD83D\uDC20\"")).isFalse();
    Reading single = new Reading("{\"type\":\"string\",\"maxLength\":1}");
    assertThat(single.accepts("\"\\ud83d\\udc1f\"")).isTrue();
    assertThat(single.accepts("\"\\ud83d\\udc1fa\"")).isFalse();
  }
}
