package io.sensorium.api.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A block of memory that tensors of a session live in. The holder closes it after the last run that
 * uses it; what it holds at first is undefined.
 */
@ProviderType
public interface TensorBlock extends AutoCloseable {
  /** Where a block is, and who reads and writes it. */
  enum Kind {
    /** On the session's device; only runs and {@link TensorBlock#copy} touch it. */
    RESIDENT,
    /** In main memory, for what Java and the session exchange. */
    EXCHANGED
  }

  Kind kind();

  long bytes();

  /** The bytes themselves, off-heap; empty unless they are exchanged. */
  Optional<MemorySegment> segment();

  /**
   * Copies bytes of this block to another one, which may be of the other kind, without any run that
   * uses them going on.
   *
   * @param from first byte here
   * @param to first byte there
   * @throws IndexOutOfBoundsException if either range leaves its block
   */
  void copy(long from, TensorBlock target, long to, long length);

  /** Gives the memory back. Idempotent. */
  @Override
  void close();
}
