package io.sensorium.backend.transformer;

import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;

/**
 * Everything that an adaptable model has beside its weights. One thread at a time.
 *
 * @param slots what each sequence has of it
 * @param adapters what the sequences share
 */
record Additions(SlotAdditions slots, AdapterStore adapters) implements AutoCloseable {
  static Additions of(
      AdaptableDecoder decoder, ResidentSession session, int slots, MemoryLedger ledger) {
    return new Additions(
        new SlotAdditions(session, decoder, slots), new AdapterStore(decoder, session, ledger));
  }

  /** Binds it for neighbouring slots. */
  void bind(BoundRun run, int slot, int count) {
    adapters.bind(run);
    slots.bind(run, slot, count);
  }

  @Override
  public void close() {
    adapters.close();
    slots.close();
  }
}
