package io.sensorium.api.language;

import java.util.Objects;

/**
 * Tokens to append to a sequence. Immutable as long as nobody writes the arrays, which it keeps.
 */
public final class Extension {
  private static final float[] NONE = {};

  private final Sequence sequence;
  private final int[] tokens;
  private final float[] media;

  /**
   * Tokens and media in any order.
   *
   * @param sequence that grows
   * @param tokens at least one; {@code -1 - r} stands for row {@code r} of the media
   * @param media rows of {@link LanguageModel#mediaWidth()} numbers each, one after the other
   */
  public Extension(Sequence sequence, int[] tokens, float[] media) {
    this.sequence = Objects.requireNonNull(sequence, "sequence");
    this.tokens = tokens;
    this.media = Objects.requireNonNull(media, "media");
    if (tokens.length == 0) {
      throw new IllegalArgumentException("at least one token is required; got none");
    }
  }

  /** Tokens of the vocabulary alone. */
  public Extension(Sequence sequence, int... tokens) {
    this(sequence, tokens, NONE);
  }

  public Sequence sequence() {
    return sequence;
  }

  /** Not a copy. */
  public int[] tokens() {
    return tokens;
  }

  /** Not a copy. */
  public float[] media() {
    return media;
  }
}
