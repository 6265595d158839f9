package io.sensorium.api.memory;

import io.sensorium.api.RequestContext;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Memory that an owner may hold until this is closed. Thread-safe; closing is idempotent, and what
 * is done to a closed reservation changes nothing.
 */
@ProviderType
public interface Reservation extends AutoCloseable {
  /** What it counts now. */
  MemoryAmounts amounts();

  /**
   * Asks for more, or gives some back; giving back neither waits nor fails. After a failure the
   * amount is what it was.
   *
   * @param bytes for this kind from now on
   * @throws io.sensorium.api.ResourceExhaustedException as {@link MemoryLedger#reserve}
   */
  void resize(MemoryKind kind, long bytes, RequestContext context);

  /**
   * Counts what was measured from now on. It is held already, so that this cannot fail: where it is
   * more than the budget has, the next who ask have to wait.
   *
   * @param kind what was measured
   * @param seen bytes that the owner was seen to hold
   * @param counted bytes to count from now on; more than was seen where more is to be expected
   */
  void measured(MemoryKind kind, long seen, long counted);

  /** Gives everything back: the memory is free now. */
  @Override
  void close();
}
