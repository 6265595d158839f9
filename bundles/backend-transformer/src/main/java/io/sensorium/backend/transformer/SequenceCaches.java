package io.sensorium.backend.transformer;

import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;

/**
 * What the sequences of a model remember: keys and values on the device, slot by slot, and how many
 * tokens of each count. One thread at a time.
 */
interface SequenceCaches extends AutoCloseable {
  /** As the decoder's export demands. */
  static SequenceCaches of(ResidentSession session, DecoderIo io, int slots, int length) {
    return io.grows()
        ? new GrowingCaches(session, io.caches(), slots, length)
        : new SlotCaches(session, io.caches(), slots, length);
  }

  /** Answers whether sequences of different lengths can share a run. */
  boolean sharesRuns();

  /** Makes a slot's first tokens count, where another number of them has. */
  void setLength(int slot, int before, int now);

  /** Tokens of a slot that count, those that are about to be run included. */
  int length(int slot);

  /** Gives an empty slot what another one remembers. */
  void copy(int from, int to, int tokens);

  /**
   * Gives a slot what another one remembers.
   *
   * @param shared tokens that both begin with
   * @param before tokens that the slot has
   * @param tokens that the other one has
   */
  void replace(int from, int to, int shared, int before, int tokens);

  /** Leaves nothing in an ended sequence's slot that could be other than a number. */
  void clear(int slot);

  /** Binds the caches and masks of neighbouring slots. */
  void bind(BoundRun run, int slot, int slots);

  /** Takes over what a run has written for neighbouring slots. */
  void ran(int slot, int slots);

  @Override
  void close();
}
