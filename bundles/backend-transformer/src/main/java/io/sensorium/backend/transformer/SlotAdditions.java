package io.sensorium.backend.transformer;

import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * What the sequence in every slot has that its model does not: which adapter, and vectors for every
 * layer. One thread at a time.
 */
final class SlotAdditions implements AutoCloseable {
  /** Adapters that a model may have at once. */
  static final int PLACES = 32;

  private final AdaptableDecoder decoder;
  private final TensorBlock active;
  private final TensorBlock vectors;
  private final TensorBlock exchanged;

  SlotAdditions(ResidentSession session, AdaptableDecoder decoder, int slots) {
    this.decoder = decoder;
    this.active = session.allocate(Kind.RESIDENT, (long) slots * PLACES);
    this.vectors = session.allocate(Kind.RESIDENT, slots * vectorBytes(decoder));
    this.exchanged = session.allocate(Kind.EXCHANGED, Math.max(PLACES, vectorBytes(decoder)));
  }

  /** What each slot takes. */
  static long bytes(AdaptableDecoder decoder) {
    return PLACES + vectorBytes(decoder);
  }

  private static long vectorBytes(AdaptableDecoder decoder) {
    return (long) decoder.layers() * decoder.attentionWidth() * Float.BYTES;
  }

  /**
   * Refuses vectors of another size.
   *
   * @throws IllegalArgumentException with both sizes
   */
  void check(Tensor layers) {
    Shape wanted = Shape.of(decoder.layers(), decoder.attentionWidth());
    if (layers.type() != ElementType.FLOAT32 || !layers.shape().equals(wanted)) {
      throw new IllegalArgumentException(
          "a decoder of %d layers takes additions float32%s; got %s%s"
              .formatted(decoder.layers(), wanted, layers.type(), layers.shape()));
    }
  }

  /** Gives a slot what its new sequence has. */
  void set(int slot, Optional<AdapterStore.Loaded> adapter, Optional<Tensor> layers) {
    MemorySegment bytes = exchanged.segment().orElseThrow();
    bytes.fill((byte) 0);
    adapter.ifPresent(own -> bytes.set(ValueLayout.JAVA_BYTE, own.place(), (byte) 1));
    exchanged.copy(0, active, (long) slot * PLACES, PLACES);
    bytes.fill((byte) 0);
    layers.ifPresent(tensor -> bytes.copyFrom(tensor.data()));
    exchanged.copy(0, vectors, slot * vectorBytes(decoder), vectorBytes(decoder));
  }

  /** Gives a slot what another one has. */
  void copy(int from, int to) {
    active.copy((long) from * PLACES, active, (long) to * PLACES, PLACES);
    long bytes = vectorBytes(decoder);
    vectors.copy(from * bytes, vectors, to * bytes, bytes);
  }

  /** Binds what neighbouring slots have. */
  void bind(BoundRun run, int slot, int slots) {
    run.bindInput(
        "lora_active",
        new BlockTensor(active, (long) slot * PLACES, ElementType.BOOL, Shape.of(slots, PLACES)));
    run.bindInput(
        "layer_additions",
        new BlockTensor(
            vectors,
            slot * vectorBytes(decoder),
            ElementType.FLOAT32,
            Shape.of(slots, decoder.layers(), decoder.attentionWidth())));
  }

  @Override
  public void close() {
    active.close();
    vectors.close();
    exchanged.close();
  }
}
