package io.sensorium.language.schema;

import io.sensorium.language.decoding.TokenConstraint;
import io.sensorium.language.text.Vocabulary;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/** A text that becomes a value of a schema within a number of tokens. One thread at a time. */
final class SchemaConstraint implements TokenConstraint {
  private final TokenMasks masks;
  private final Vocabulary vocabulary;
  private List<Frame> frames;
  private int remaining;

  SchemaConstraint(TokenMasks masks, Vocabulary vocabulary, List<Frame> frames, int remaining) {
    this.masks = masks;
    this.vocabulary = vocabulary;
    this.frames = frames;
    this.remaining = remaining;
  }

  @Override
  public void restrict(BitSet tokens) {
    BitSet allowed = new BitSet(vocabulary.size());
    if (remaining > 0) {
      masks.addTo(allowed, frames, remaining - 1);
    }
    tokens.and(allowed);
  }

  /**
   * Goes on.
   *
   * @throws IllegalArgumentException if the token must not follow
   */
  @Override
  public void accept(int token) {
    ByteBuffer view = vocabulary.bytes(token).duplicate();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    boolean end = bytes.length == 0 || vocabulary.isSpecial(token);
    List<Frame> next = end ? List.of() : masks.after(frames, bytes);
    if (end ? !mayEnd() : next.isEmpty()) {
      throw new IllegalArgumentException(
          "token %d must not follow what the JSON schema allows".formatted(token));
    }
    frames = next;
    remaining--;
  }

  @Override
  public boolean mayEnd() {
    // Nothing is left to be read after the token that ended it.
    return frames.isEmpty() || frames.stream().anyMatch(frame -> frame.cost == 0);
  }

  @Override
  public SchemaConstraint fork() {
    return new SchemaConstraint(masks, vocabulary, frames, remaining);
  }
}
