package io.sensorium.language.schema;

import io.sensorium.language.text.Vocabulary;
import java.util.BitSet;

/**
 * A vocabulary prepared for masks: all tokens as a tree, and those apart that stand for characters
 * which may all be within a string. Immutable, thread-safe.
 */
final class VocabularyIndex {
  private final TokenTrie all;
  private final TokenTrie others;
  private final BitSet plain;

  /** The tokens of n plain characters, for each n. */
  private final BitSet[] plainByLength;

  private final Spelling spelling;

  /**
   * Prepares a vocabulary.
   *
   * @throws IllegalArgumentException if there is no token for a byte that JSON needs
   */
  VocabularyIndex(Vocabulary vocabulary) {
    this.all = TokenTrie.of(vocabulary);
    for (int next = 0x20; next < 0x7F; next++) {
      if (!all.has(next)) {
        throw new IllegalArgumentException(
            "a vocabulary must have a token for each ASCII character alone to write JSON; '%c' has"
                    .formatted(next)
                + " none");
      }
    }
    this.spelling = new Spelling(hasAll(0x80, 0xBF) && hasAll(0xC2, 0xF4));
    this.plain = new BitSet(vocabulary.size());
    this.plainByLength = new BitSet[all.longest() + 1];
    for (int token = 0; token < vocabulary.size(); token++) {
      int length = vocabulary.isSpecial(token) ? 0 : TokenTrie.plainLength(vocabulary.bytes(token));
      if (length > 0 && (spelling.raw() || length == vocabulary.bytes(token).remaining())) {
        plain.set(token);
        if (plainByLength[length] == null) {
          plainByLength[length] = new BitSet();
        }
        plainByLength[length].set(token);
      }
    }
    this.others = TokenTrie.of(vocabulary, token -> !plain.get(token));
  }

  private boolean hasAll(int first, int last) {
    for (int next = first; next <= last; next++) {
      if (!all.has(next)) {
        return false;
      }
    }
    return true;
  }

  TokenTrie all() {
    return all;
  }

  /** The tokens that are not plain. */
  TokenTrie others() {
    return others;
  }

  Spelling spelling() {
    return spelling;
  }

  /** Sets the bits of the tokens of so many plain characters at most. */
  void addPlain(BitSet allowed, int characters) {
    if (characters >= plainByLength.length) {
      allowed.or(plain);
      return;
    }
    for (int length = 1; length <= characters; length++) {
      if (plainByLength[length] != null) {
        allowed.or(plainByLength[length]);
      }
    }
  }
}
