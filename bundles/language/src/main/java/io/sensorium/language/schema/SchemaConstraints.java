package io.sensorium.language.schema;

import io.sensorium.language.decoding.TokenConstraint;
import io.sensorium.language.text.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes texts of one vocabulary satisfy JSON schemas, whatever the model says. The text is JSON
 * without white space, but for one space that may stand after {@code :} and {@code ,}; properties
 * come in any order, each once. Schemas are read as JSON Schema 2020-12 says; the keywords that are
 * supported are
 *
 * <ul>
 *   <li>{@code type} (one or several), {@code enum}, {@code const};
 *   <li>{@code properties}, {@code required}, {@code additionalProperties};
 *   <li>{@code items}, {@code prefixItems}, {@code minItems}, {@code maxItems};
 *   <li>{@code minLength}, {@code maxLength} in code points, {@code pattern} without look-around,
 *       back references, word borders and Unicode classes;
 *   <li>{@code minimum}, {@code maximum}, {@code exclusiveMinimum}, {@code exclusiveMaximum},
 *       {@code multipleOf} of whole and other numbers;
 *   <li>{@code anyOf}, {@code allOf}, and {@code oneOf} where its branches are seen to exclude each
 *       other;
 *   <li>{@code $ref} within the schema, also to what is around it, with {@code $defs} or {@code
 *       definitions};
 *   <li>without an effect, as the standard says: {@code format} and other annotations.
 * </ul>
 *
 * Any other keyword is refused, {@code uniqueItems} where it matters, too. Numbers have 15 digits
 * at most, and an exponent of two digits only where they have no limits; arrays and objects lie 64
 * deep at most. Thread-safe; schemas used lately are remembered.
 */
public final class SchemaConstraints {
  private static final int MAX_REMEMBERED = 8;

  private final Vocabulary vocabulary;
  private final VocabularyIndex index;
  private final Map<String, Compiled> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private record Compiled(Frame start, TokenMasks masks) {}

  /**
   * Prepares a vocabulary; takes up to a second where it is large.
   *
   * @throws IllegalArgumentException if it has no token for one of the characters of ASCII
   */
  public SchemaConstraints(Vocabulary vocabulary) {
    this.vocabulary = Objects.requireNonNull(vocabulary, "vocabulary");
    this.index = new VocabularyIndex(vocabulary);
  }

  /**
   * What may follow in a text that must become a value of a schema. Whatever is chosen out of what
   * it leaves, the value is complete after so many tokens; one that ends the text is not among
   * them.
   *
   * @param schema as JSON
   * @param maxTokens at least 1
   * @throws IllegalArgumentException if the schema is not JSON, not supported, satisfied by no
   *     value, too large, or by none that is so short; the message says where
   */
  public TokenConstraint constraint(String schema, int maxTokens) {
    return constraint(schema, ByteBuffer.allocate(0), maxTokens);
  }

  /**
   * As {@link #constraint(String, int)}, for a text that begins with some bytes before the value,
   * which may share a token with what stands there.
   *
   * @param before the value's text, of which they are no part
   */
  public TokenConstraint constraint(String schema, ByteBuffer before, int maxTokens) {
    Compiled compiled = compiled(schema);
    List<Frame> frames = List.of(after(before, compiled.start));
    int needed = compiled.masks.shortest(frames);
    if (needed > maxTokens) {
      throw new IllegalArgumentException(
          "the JSON schema's shortest value takes %,d tokens; maxTokens is %,d"
              .formatted(needed, maxTokens));
    }
    return new SchemaConstraint(compiled.masks, vocabulary, frames, maxTokens);
  }

  private static Frame after(ByteBuffer before, Frame value) {
    // A word's characters are bytes.
    String word = StandardCharsets.ISO_8859_1.decode(before.duplicate()).toString();
    return word.isEmpty() ? value : LiteralFrame.before(new Value.Literals(List.of(word)), value);
  }

  private Compiled compiled(String schema) {
    synchronized (known) {
      Compiled compiled = known.get(schema);
      if (compiled != null) {
        return compiled;
      }
    }
    Value root = Values.of(SchemaSource.parse(schema), index.spelling());
    Compiled compiled = new Compiled(new ValueFrame(root, false, Frame.END), new TokenMasks(index));
    synchronized (known) {
      known.put(schema, compiled);
    }
    return compiled;
  }
}
