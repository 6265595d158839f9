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
import java.util.Optional;

/**
 * Keys and values of every slot, allocated once on the device and updated in place, and the mask
 * that says how many of them count. One thread at a time.
 */
final class SlotCaches implements SequenceCaches {
  private final List<TensorSpec> specs;
  private final List<TensorBlock> blocks = new ArrayList<>();
  private final int length;
  private final int[] lengths;
  private final TensorBlock mask;
  private final TensorBlock ones;
  private final TensorBlock zeros;
  private Optional<Bound> last = Optional.empty();

  /** Which slots were bound to which run. */
  private record Bound(BoundRun run, int slot, int slots) {}

  SlotCaches(ResidentSession session, List<TensorSpec> specs, int slots, int length) {
    this.specs = specs;
    this.length = length;
    this.lengths = new int[slots];
    long row = (long) length * Long.BYTES;
    mask = session.allocate(Kind.RESIDENT, slots * row);
    ones = filled(session, row, 1);
    zeros = filled(session, row, 0);
    for (TensorSpec spec : specs) {
      TensorBlock block = session.allocate(Kind.RESIDENT, slots * bytes(spec, length));
      // Attention multiplies what does not count by zero, which must not be a NaN.
      clear(block);
      blocks.add(block);
    }
    for (int slot = 0; slot < slots; slot++) {
      zeros.copy(0, mask, slot * row, row);
    }
  }

  /** Bytes that a sequence takes. */
  static long bytes(List<TensorSpec> specs, int length) {
    return specs.stream().mapToLong(spec -> bytes(spec, length)).sum() + (long) length * Long.BYTES;
  }

  private static long bytes(TensorSpec spec, int length) {
    return spec.shape().dimension(1) * length * spec.shape().dimension(3) * spec.type().bytes();
  }

  private static TensorBlock filled(ResidentSession session, long bytes, long value) {
    try (TensorBlock exchanged = session.allocate(Kind.EXCHANGED, bytes)) {
      MemorySegment segment = exchanged.segment().orElseThrow();
      for (long i = 0; i < bytes / Long.BYTES; i++) {
        segment.setAtIndex(ValueLayout.JAVA_LONG, i, value);
      }
      TensorBlock resident = session.allocate(Kind.RESIDENT, bytes);
      exchanged.copy(0, resident, 0, bytes);
      return resident;
    }
  }

  private void clear(TensorBlock block) {
    clear(block, 0, block.bytes());
  }

  private void clear(TensorBlock block, long from, long end) {
    for (long at = from; at < end; at += zeros.bytes()) {
      zeros.copy(0, block, at, Math.min(zeros.bytes(), end - at));
    }
  }

  @Override
  public void clear(int slot) {
    for (int i = 0; i < blocks.size(); i++) {
      long bytes = bytes(specs.get(i), length);
      clear(blocks.get(i), slot * bytes, (slot + 1) * bytes);
    }
  }

  @Override
  public boolean sharesRuns() {
    return true;
  }

  @Override
  public int length(int slot) {
    return lengths[slot];
  }

  @Override
  public void setLength(int slot, int before, int now) {
    lengths[slot] = now;
    long row = (long) slot * length * Long.BYTES;
    if (now > before) {
      copyMask(ones, row, before, now);
    } else {
      copyMask(zeros, row, now, before);
    }
  }

  private void copyMask(TensorBlock value, long row, int from, int to) {
    value.copy(0, mask, row + (long) from * Long.BYTES, (long) (to - from) * Long.BYTES);
  }

  @Override
  public void copy(int from, int to, int tokens) {
    copy(from, to, 0, tokens);
    setLength(to, 0, tokens);
  }

  @Override
  public void replace(int from, int to, int shared, int before, int tokens) {
    copy(from, to, shared, tokens);
    setLength(to, before, tokens);
  }

  private void copy(int from, int to, int first, int end) {
    for (int i = 0; i < blocks.size(); i++) {
      Shape shape = specs.get(i).shape();
      long channels = shape.dimension(3) * specs.get(i).type().bytes();
      long head = length * channels;
      long slot = shape.dimension(1) * head;
      for (long h = 0; h < shape.dimension(1); h++) {
        long at = h * head + first * channels;
        long bytes = (end - first) * channels;
        blocks.get(i).copy(from * slot + at, blocks.get(i), to * slot + at, bytes);
      }
    }
  }

  /** Present and past are one buffer: a run has nothing to hand over. */
  @Override
  public void ran(int slot, int slots) {}

  @Override
  public void bind(BoundRun run, int slot, int slots) {
    Bound wanted = new Bound(run, slot, slots);
    // A step mostly follows one of the same slots, and a decoder has dozens of caches.
    if (last.filter(wanted::equals).isPresent()) {
      return;
    }
    last = Optional.empty();
    run.bindInput(
        DecoderIo.MASK,
        new BlockTensor(
            mask, (long) slot * length * Long.BYTES, ElementType.INT64, Shape.of(slots, length)));
    for (int i = 0; i < blocks.size(); i++) {
      TensorSpec spec = specs.get(i);
      BlockTensor tensor =
          new BlockTensor(
              blocks.get(i),
              slot * bytes(spec, length),
              spec.type(),
              spec.shape().with(0, slots).with(2, length));
      run.bindInput(spec.name(), tensor);
      run.bindOutput(DecoderIo.presentOf(spec), tensor);
    }
    last = Optional.of(wanted);
  }

  @Override
  public void close() {
    blocks.forEach(TensorBlock::close);
    mask.close();
    ones.close();
    zeros.close();
  }
}
