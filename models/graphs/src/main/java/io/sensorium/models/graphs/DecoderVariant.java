package io.sensorium.models.graphs;

/**
 * Where a family of decoders departs from Llama. Immutable.
 *
 * @param sliding which layers have a window, where the configuration does not list them
 * @param slidingPattern of {@link Sliding#PATTERN}: every so many layers one sees everything
 * @param biasedQueries whether the projections to query, key and value have biases whatever the
 *     configuration says (Qwen2)
 * @param normedQueries whether queries and keys are normalised head by head (Qwen3, Gemma 3)
 * @param skipsRotary whether some layers have no positions (SmolLM3)
 * @param rotaryByLayer whether layers with a window have other positions (Gemma 3)
 * @param gemma whether norms multiply by {@code 1 + weight}, both branches are normalised before
 *     they are added as well, and embeddings are scaled by the square root of their width
 */
record DecoderVariant(
    Sliding sliding,
    int slidingPattern,
    boolean biasedQueries,
    boolean normedQueries,
    boolean skipsRotary,
    boolean rotaryByLayer,
    boolean gemma) {
  static final DecoderVariant LLAMA =
      new DecoderVariant(Sliding.NONE, 0, false, false, false, false, false);
  static final DecoderVariant MISTRAL =
      new DecoderVariant(Sliding.ALL, 0, false, false, false, false, false);
  static final DecoderVariant QWEN2 =
      new DecoderVariant(Sliding.LAST, 0, true, false, false, false, false);
  static final DecoderVariant QWEN3 =
      new DecoderVariant(Sliding.LAST, 0, false, true, false, false, false);
  static final DecoderVariant SMOLLM3 =
      new DecoderVariant(Sliding.NONE, 0, false, false, true, false, false);
  static final DecoderVariant GEMMA2 =
      new DecoderVariant(Sliding.PATTERN, 2, false, false, false, false, true);
  static final DecoderVariant GEMMA3 =
      new DecoderVariant(Sliding.PATTERN, 6, false, true, false, true, true);

  /** Which layers have a window. */
  enum Sliding {
    NONE,
    ALL,
    /** Those from {@code max_window_layers} on. */
    LAST,
    PATTERN
  }
}
