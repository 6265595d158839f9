package io.sensorium.backend.transformer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Inputs that exports of others have besides: the tokens' positions where the graph does not count
 * them itself, and which branch of a merged graph shall run. One thread at a time.
 *
 * @param positions {@code int64[n, s]}, if they are wanted
 * @param branch {@code bool[1]}, true, if it is wanted
 */
record ExportInputs(Optional<TensorBlock> positions, Optional<TensorBlock> branch)
    implements AutoCloseable {
  private static final String POSITIONS = "position_ids";
  private static final String BRANCH = "use_cache_branch";

  /**
   * @param tokens that a run has at most
   */
  static ExportInputs of(ResidentSession session, long tokens) {
    Optional<TensorBlock> positions =
        session.takes(POSITIONS)
            ? Optional.of(session.allocate(Kind.EXCHANGED, tokens * Long.BYTES))
            : Optional.empty();
    Optional<TensorBlock> branch =
        session.takes(BRANCH) ? Optional.of(session.allocate(Kind.EXCHANGED, 1)) : Optional.empty();
    branch.ifPresent(block -> block.segment().orElseThrow().set(JAVA_BYTE, 0, (byte) 1));
    return new ExportInputs(positions, branch);
  }

  /**
   * Binds what is wanted.
   *
   * @param caches whose lengths include the tokens of this run
   */
  void bind(BoundRun run, SequenceCaches caches, int slot, int sequences, int tokens) {
    positions.ifPresent(
        block -> {
          write(block.segment().orElseThrow(), caches, slot, sequences, tokens);
          run.bindInput(
              POSITIONS, new BlockTensor(block, 0, ElementType.INT64, Shape.of(sequences, tokens)));
        });
    branch.ifPresent(
        block -> run.bindInput(BRANCH, new BlockTensor(block, 0, ElementType.BOOL, Shape.of(1))));
  }

  private static void write(
      MemorySegment target, SequenceCaches caches, int slot, int sequences, int tokens) {
    for (int sequence = 0; sequence < sequences; sequence++) {
      int first = caches.length(slot + sequence) - tokens;
      for (int token = 0; token < tokens; token++) {
        target.setAtIndex(JAVA_LONG, (long) sequence * tokens + token, first + token);
      }
    }
  }

  @Override
  public void close() {
    positions.ifPresent(TensorBlock::close);
    branch.ifPresent(TensorBlock::close);
  }
}
