package io.sensorium.language.text;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The vocabulary of a {@code tokenizer.json}. Immutable, thread-safe. */
final class TokenizerVocabulary implements Vocabulary {
  /** Rows of padding that any model may have. */
  private static final int PADDING = 256;

  /** Of the rows of a large model, one in so many; 2.4 in a hundred have been published. */
  private static final int PADDING_PART = 16;

  private final TokenDecoder decoder;
  private final Set<Integer> unknown;
  private final ByteBlock names;
  private final ByteBlock bytes;
  private final BitSet special;
  private final int longest;

  private TokenizerVocabulary(
      TokenDecoder decoder,
      Set<Integer> unknown,
      ByteBlock names,
      ByteBlock bytes,
      BitSet special) {
    this.decoder = decoder;
    this.unknown = unknown;
    this.names = names;
    this.bytes = bytes;
    this.special = special;
    this.longest = Math.max(names.longest(), bytes.longest());
  }

  /**
   * Reads a package's tokens.
   *
   * @param size how many ids the model has logits for
   * @throws ModelLoadException if there is no tokenizer, or one with more ids than that, or with
   *     fewer than padding explains
   */
  static TokenizerVocabulary read(ModelPackage model, int size) {
    TokenizerFile file = TokenizerFile.read(model);
    int ids = file.tokens().lastKey() + 1;
    if (ids > size) {
      throw new ModelLoadException(
          ("the tokenizer must have at most as many ids as the model has logits, %d; %s has %d, the"
                  + " last of them '%s' (model %s)")
              .formatted(size, TokenizerFile.NAME, ids, file.tokens().get(ids - 1), model));
    }
    Set<Integer> unknown = unknown(file, size);
    if (unknown.size() > Math.max(PADDING, size / PADDING_PART)) {
      throw new ModelLoadException(
          ("the tokenizer must know the ids that the model has logits for, but for %d of padding;"
                  + " %s knows %d of %d: is it another model's? (model %s)")
              .formatted(
                  Math.max(PADDING, size / PADDING_PART),
                  TokenizerFile.NAME,
                  size - unknown.size(),
                  size,
                  model));
    }
    TokenDecoder decoder = TokenDecoder.of(file.decoder());
    ByteBlock.Builder names = new ByteBlock.Builder(size);
    ByteBlock.Builder bytes = new ByteBlock.Builder(size);
    BitSet special = new BitSet(size);
    for (Map.Entry<Integer, String> token : file.tokens().entrySet()) {
      names.put(token.getKey(), token.getValue().getBytes(StandardCharsets.UTF_8));
      if (file.special().contains(token.getValue())) {
        special.set(token.getKey());
      } else {
        bytes.put(token.getKey(), decoder.bytes(token.getValue()));
      }
    }
    return new TokenizerVocabulary(decoder, unknown, names.build(), bytes.build(), special);
  }

  private static Set<Integer> unknown(TokenizerFile file, int size) {
    return IntStream.range(0, size)
        .filter(id -> !file.tokens().containsKey(id))
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Ids that the model has logits for and the tokenizer does not know. */
  Set<Integer> unknown() {
    return unknown;
  }

  @Override
  public int size() {
    return bytes.size();
  }

  @Override
  public ByteBuffer bytes(int token) {
    return bytes.get(token);
  }

  @Override
  public boolean isSpecial(int token) {
    return special.get(token);
  }

  TokenDecoder decoder() {
    return decoder;
  }

  /** How the tokenizer writes a token, empty for ids that stand for nothing. */
  String name(int token) {
    return StandardCharsets.UTF_8.decode(names.get(token)).toString();
  }

  /** The id of what the tokenizer writes so. */
  OptionalInt id(String name) {
    ByteBuffer wanted = ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8));
    for (int token = size() - 1; token >= 0 && wanted.hasRemaining(); token--) {
      if (names.get(token).equals(wanted)) {
        return OptionalInt.of(token);
      }
    }
    return OptionalInt.empty();
  }

  /** Bytes that a token stands for at most. */
  int longestToken() {
    return longest;
  }
}
