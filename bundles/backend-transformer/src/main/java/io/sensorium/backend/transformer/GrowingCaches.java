package io.sensorium.backend.transformer;

import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of graphs that write past and present one after the other, as long as they are:
 * every slot has two blocks for each cache, which take turns in being the past. Every sequence has
 * its own runs.
 */
final class GrowingCaches implements SequenceCaches {
  private final List<TensorSpec> specs;
  private final List<Slot> slots = new ArrayList<>();
  private final TensorBlock ones;

  /** Of a sequence; {@code kept} tokens lie in the blocks whose turn it is. */
  private static final class Slot {
    private final List<TensorBlock> even = new ArrayList<>();
    private final List<TensorBlock> odd = new ArrayList<>();
    private boolean atOdd;
    private int kept;
    private int wanted;

    List<TensorBlock> past() {
      return atOdd ? odd : even;
    }

    List<TensorBlock> present() {
      return atOdd ? even : odd;
    }

    void turn(int tokens) {
      atOdd = !atOdd;
      kept = tokens;
      wanted = tokens;
    }
  }

  GrowingCaches(ResidentSession session, List<TensorSpec> specs, int slots, int length) {
    this.specs = specs;
    this.ones = ones(session, length);
    for (int i = 0; i < slots; i++) {
      Slot slot = new Slot();
      for (TensorSpec spec : specs) {
        slot.even.add(session.allocate(Kind.RESIDENT, heads(spec) * length * channelBytes(spec)));
        slot.odd.add(session.allocate(Kind.RESIDENT, heads(spec) * length * channelBytes(spec)));
      }
      this.slots.add(slot);
    }
  }

  private static TensorBlock ones(ResidentSession session, int length) {
    try (TensorBlock exchanged = session.allocate(Kind.EXCHANGED, (long) length * Long.BYTES)) {
      MemorySegment segment = exchanged.segment().orElseThrow();
      for (int i = 0; i < length; i++) {
        segment.setAtIndex(ValueLayout.JAVA_LONG, i, 1);
      }
      TensorBlock resident = session.allocate(Kind.RESIDENT, exchanged.bytes());
      exchanged.copy(0, resident, 0, exchanged.bytes());
      return resident;
    }
  }

  private static long heads(TensorSpec spec) {
    return spec.shape().dimension(1);
  }

  private static long channelBytes(TensorSpec spec) {
    return spec.shape().dimension(3) * spec.type().bytes();
  }

  @Override
  public boolean sharesRuns() {
    return false;
  }

  @Override
  public void setLength(int number, int before, int now) {
    Slot slot = slots.get(number);
    if (now < slot.kept) {
      copy(slot.past(), slot.kept, slot.present(), now);
      slot.turn(now);
    }
    slot.wanted = now;
  }

  @Override
  public int length(int slot) {
    return slots.get(slot).wanted;
  }

  @Override
  public void copy(int from, int to, int tokens) {
    Slot source = slots.get(from);
    Slot target = slots.get(to);
    copy(source.past(), source.kept, target.present(), tokens);
    target.turn(tokens);
  }

  @Override
  public void replace(int from, int to, int shared, int before, int tokens) {
    copy(from, to, tokens);
  }

  @Override
  public void clear(int slot) {
    // A run reads nothing but what counts.
  }

  /** The first tokens of every head, which lie closer together where there are fewer. */
  private void copy(List<TensorBlock> from, int length, List<TensorBlock> to, int tokens) {
    for (int i = 0; i < specs.size(); i++) {
      long channels = channelBytes(specs.get(i));
      for (long head = 0; head < heads(specs.get(i)); head++) {
        from.get(i)
            .copy(head * length * channels, to.get(i), head * tokens * channels, tokens * channels);
      }
    }
  }

  @Override
  public void bind(BoundRun run, int number, int count) {
    Slot slot = slots.get(number);
    run.bindInput(
        DecoderIo.MASK, new BlockTensor(ones, 0, ElementType.INT64, Shape.of(1, slot.wanted)));
    for (int i = 0; i < specs.size(); i++) {
      TensorSpec spec = specs.get(i);
      Shape one = spec.shape().with(0, 1);
      run.bindInput(
          spec.name(), new BlockTensor(slot.past().get(i), 0, spec.type(), one.with(2, slot.kept)));
      run.bindOutput(
          DecoderIo.presentOf(spec),
          new BlockTensor(slot.present().get(i), 0, spec.type(), one.with(2, slot.wanted)));
    }
  }

  @Override
  public void ran(int number, int count) {
    Slot slot = slots.get(number);
    slot.turn(slot.wanted);
  }

  @Override
  public void close() {
    for (Slot slot : slots) {
      slot.even.forEach(TensorBlock::close);
      slot.odd.forEach(TensorBlock::close);
    }
    ones.close();
  }
}
