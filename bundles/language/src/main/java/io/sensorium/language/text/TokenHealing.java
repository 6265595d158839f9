package io.sensorium.language.text;

import io.sensorium.language.decoding.TokenConstraint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Token healing, as guidance (guidance-ai/guidance) calls it: where a prompt ends within what would
 * be one token, its tokenizer has cut it in a way that the model never saw, and what follows is not
 * what the model would say. The prompt's last tokens are taken away, and the answer must begin with
 * their bytes, in whatever tokens the model prefers. One thread at a time.
 */
public final class TokenHealing implements TokenConstraint {
  private final Vocabulary vocabulary;
  private final PromptTokens prompt;
  private final ByteBuffer removed;
  private ByteBuffer wanted;

  private TokenHealing(Vocabulary vocabulary, PromptTokens prompt, ByteBuffer removed) {
    this.vocabulary = vocabulary;
    this.prompt = prompt;
    this.removed = removed;
    this.wanted = removed;
  }

  /**
   * Takes away as many of a prompt's last tokens as one longer token could replace.
   *
   * @return empty if there is no such token, or if the prompt is but one token or ends with media
   *     or a special token
   */
  public static Optional<TokenHealing> of(PromptTokens prompt, Vocabulary vocabulary) {
    List<Integer> closing = prompt.closingTokens();
    int most = Math.min(closing.size(), prompt.places() - 1);
    TokenHealing longest = null;
    ByteBuffer bytes = ByteBuffer.allocate(0);
    for (int count = 1; count <= most; count++) {
      ByteBuffer token = vocabulary.bytes(closing.get(closing.size() - count));
      bytes = joined(token, bytes);
      if (!token.hasRemaining() || !beginsLongerToken(bytes, vocabulary)) {
        break;
      }
      if (beginsCharacter(bytes)) {
        longest = new TokenHealing(vocabulary, prompt.withoutLast(count), bytes);
      }
    }
    return Optional.ofNullable(longest);
  }

  private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first.duplicate())
        .put(second.duplicate())
        .flip()
        .asReadOnlyBuffer();
  }

  private static boolean beginsLongerToken(ByteBuffer bytes, Vocabulary vocabulary) {
    for (int token = 0; token < vocabulary.size(); token++) {
      ByteBuffer candidate = vocabulary.bytes(token);
      if (candidate.remaining() > bytes.remaining() && agree(candidate, bytes)) {
        return true;
      }
    }
    return false;
  }

  /** In UTF-8 every byte but a character's first is in 0x80..0xbf. */
  private static boolean beginsCharacter(ByteBuffer bytes) {
    return (bytes.get(0) & 0xc0) != 0x80;
  }

  /** Answers whether one of two runs of bytes begins with the other. */
  private static boolean agree(ByteBuffer one, ByteBuffer other) {
    int mismatch = one.mismatch(other);
    return mismatch < 0 || mismatch == Math.min(one.remaining(), other.remaining());
  }

  /** The prompt without what was taken away. */
  public PromptTokens prompt() {
    return prompt;
  }

  /** The text that was taken away, with which the answer begins. */
  public String removed() {
    return StandardCharsets.UTF_8.decode(removed.duplicate()).toString();
  }

  /** The same as bytes, read-only. */
  public ByteBuffer removedBytes() {
    return removed.duplicate();
  }

  @Override
  public void restrict(BitSet tokens) {
    if (!wanted.hasRemaining()) {
      return;
    }
    for (int token = tokens.nextSetBit(0); token >= 0; token = tokens.nextSetBit(token + 1)) {
      ByteBuffer bytes = vocabulary.bytes(token);
      if (!bytes.hasRemaining() || !agree(bytes, wanted)) {
        tokens.clear(token);
      }
    }
  }

  @Override
  public void accept(int token) {
    int length = Math.min(wanted.remaining(), vocabulary.bytes(token).remaining());
    wanted = wanted.slice(length, wanted.remaining() - length);
  }

  @Override
  public boolean mayEnd() {
    return !wanted.hasRemaining();
  }

  @Override
  public TokenConstraint fork() {
    TokenHealing fork = new TokenHealing(vocabulary, prompt, removed);
    fork.wanted = wanted;
    return fork;
  }
}
