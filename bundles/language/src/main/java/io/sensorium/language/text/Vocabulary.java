package io.sensorium.language.text;

import java.nio.ByteBuffer;

/** The tokens of a model as bytes. Immutable, thread-safe. */
public interface Vocabulary {
  /** Ids are below this. */
  int size();

  /**
   * What a token stands for, read-only; empty for special tokens and for ids that stand for
   * nothing.
   */
  ByteBuffer bytes(int token);

  /** Answers whether a token is no part of any text, such as one that ends it. */
  boolean isSpecial(int token);
}
