package io.sensorium.api.memory;

/** What memory is for. */
public enum MemoryKind {
  /** A model's weights, as they are once it is loaded. */
  WEIGHTS,
  /** Values that exist while a graph runs, and the arena that keeps their place. */
  ACTIVATIONS,
  /** Keys and values of sequences. */
  CACHE,
  /** States of recurrent models. */
  STATE,
  /** Vectors and documents. */
  INDEX,
  /** Anything else. */
  OTHER
}
