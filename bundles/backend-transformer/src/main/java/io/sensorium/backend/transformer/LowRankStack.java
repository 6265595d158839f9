package io.sensorium.backend.transformer;

import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The low-rank changes of one linear layer, those of all adapters one after the other. One thread
 * at a time.
 */
final class LowRankStack implements AutoCloseable {
  private final ResidentSession session;
  private final String down;
  private final String up;
  private final String owner;
  private final Size size;
  private final List<Part> parts = new ArrayList<>();
  private Blocks blocks;

  /**
   * The rows of an adapter.
   *
   * @param place of the adapter
   */
  private record Part(int place, int rank) {}

  private record Blocks(TensorBlock down, TensorBlock up, TensorBlock owner, int rank) {
    void close() {
      down.close();
      up.close();
      owner.close();
    }
  }

  /**
   * @param session where the model runs
   * @param name of the layer
   */
  LowRankStack(ResidentSession session, String name, Size size) {
    this.session = session;
    this.down = name + ".lora_A";
    this.up = name + ".lora_B";
    this.owner = name + ".lora_owner";
    this.size = size;
  }

  /** What lies on the device. */
  long bytes() {
    return blocks == null ? 0 : blocks.rank() * rowBytes(size);
  }

  /** What each row of a layer takes. */
  static long rowBytes(Size size) {
    return (long) (size.in() + size.out()) * Float.BYTES + Long.BYTES;
  }

  /** Adds an adapter's rows after all others. If it throws, nothing has changed. */
  void add(int place, Factors factors) {
    List<Part> wanted = new ArrayList<>(parts);
    wanted.add(new Part(place, factors.rank()));
    Blocks grown = allocate(wanted);
    int before = rank(parts);
    if (before > 0) {
      blocks.down().copy(0, grown.down(), 0, before * downBytes());
      blocks.up().copy(0, grown.up(), 0, before * upBytes());
    }
    write(factors.down().data(), grown.down(), before * downBytes());
    write(factors.up().data(), grown.up(), before * upBytes());
    replace(wanted, grown);
  }

  /** Takes an adapter's rows away, if it has any here. */
  void remove(int place) {
    List<Part> wanted = parts.stream().filter(part -> part.place() != place).toList();
    if (wanted.size() == parts.size()) {
      return;
    }
    Blocks shrunk = allocate(wanted);
    int from = 0;
    int to = 0;
    for (Part part : parts) {
      if (part.place() != place) {
        long rank = part.rank();
        blocks.down().copy(from * downBytes(), shrunk.down(), to * downBytes(), rank * downBytes());
        blocks.up().copy(from * upBytes(), shrunk.up(), to * upBytes(), rank * upBytes());
        to += part.rank();
      }
      from += part.rank();
    }
    replace(wanted, shrunk);
  }

  private Blocks allocate(List<Part> wanted) {
    int rank = rank(wanted);
    long[] owners =
        wanted.stream()
            .flatMapToLong(part -> LongStream.generate(part::place).limit(part.rank()))
            .toArray();
    List<TensorBlock> made = new ArrayList<>();
    boolean finished = false;
    try {
      // A block without bytes would have no address to bind.
      made.add(session.allocate(Kind.RESIDENT, Math.max(1, rank) * downBytes()));
      made.add(session.allocate(Kind.RESIDENT, Math.max(1, rank) * upBytes()));
      made.add(session.allocate(Kind.RESIDENT, (long) Math.max(1, rank) * Long.BYTES));
      write(MemorySegment.ofArray(owners), made.get(2), 0);
      finished = true;
      return new Blocks(made.get(0), made.get(1), made.get(2), rank);
    } finally {
      if (!finished) {
        made.forEach(TensorBlock::close);
      }
    }
  }

  private void write(MemorySegment source, TensorBlock target, long to) {
    if (source.byteSize() == 0) {
      return;
    }
    try (TensorBlock exchanged = session.allocate(Kind.EXCHANGED, source.byteSize())) {
      exchanged.segment().orElseThrow().copyFrom(source);
      exchanged.copy(0, target, to, source.byteSize());
    }
  }

  private void replace(List<Part> wanted, Blocks next) {
    Blocks before = blocks;
    blocks = next;
    parts.clear();
    parts.addAll(wanted);
    if (before != null) {
      before.close();
    }
  }

  /** Binds what there is now; what was bound before may have gone. */
  void bind(BoundRun run) {
    if (blocks != null) {
      long rank = blocks.rank();
      ElementType number = ElementType.FLOAT32;
      run.bindInput(down, new BlockTensor(blocks.down(), 0, number, Shape.of(rank, size.in())));
      run.bindInput(up, new BlockTensor(blocks.up(), 0, number, Shape.of(rank, size.out())));
      run.bindInput(owner, new BlockTensor(blocks.owner(), 0, ElementType.INT64, Shape.of(rank)));
    }
  }

  private static int rank(List<Part> parts) {
    return parts.stream().mapToInt(Part::rank).sum();
  }

  private long downBytes() {
    return (long) size.in() * Float.BYTES;
  }

  private long upBytes() {
    return (long) size.out() * Float.BYTES;
  }

  @Override
  public void close() {
    if (blocks != null) {
      blocks.close();
    }
  }
}
