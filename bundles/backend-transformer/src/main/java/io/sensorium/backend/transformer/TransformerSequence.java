package io.sensorium.backend.transformer;

import io.sensorium.api.language.Sequence;
import java.util.Optional;

/** A sequence and its place in the caches, which may change as others go. */
final class TransformerSequence implements Sequence {
  private final TransformerModel model;
  private Optional<AdapterStore.Loaded> adapter;
  private int slot;
  private int length;
  private boolean closed;
  private boolean spoilt;

  TransformerSequence(TransformerModel model, Optional<AdapterStore.Loaded> adapter, int slot) {
    this.model = model;
    this.adapter = adapter;
    this.slot = slot;
  }

  boolean isOf(TransformerModel candidate) {
    return model.equals(candidate) && !closed;
  }

  /** The low-rank adapter that it has. */
  Optional<AdapterStore.Loaded> adapter() {
    return adapter;
  }

  void setAdapter(Optional<AdapterStore.Loaded> other) {
    adapter = other;
  }

  /** Its keys and values may be no numbers. */
  void spoil() {
    spoilt = true;
  }

  boolean isSpoilt() {
    return spoilt;
  }

  int slot() {
    return slot;
  }

  void moveTo(int other) {
    slot = other;
  }

  @Override
  public int length() {
    return length;
  }

  void setLength(int tokens) {
    length = tokens;
  }

  @Override
  public Sequence fork() {
    return model.fork(this);
  }

  @Override
  public void become(Sequence other, int shared) {
    model.replace(this, other, shared);
  }

  @Override
  public boolean truncate(int tokens) {
    if (tokens < 0 || tokens > length) {
      throw new IllegalArgumentException(
          "a length must be in [0, %d]; got %d".formatted(length, tokens));
    }
    model.truncate(this, tokens);
    return true;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      model.end(this);
    }
  }
}
