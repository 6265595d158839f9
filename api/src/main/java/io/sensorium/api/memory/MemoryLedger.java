package io.sensorium.api.memory;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who holds how much memory of which device. Thread-safe.
 *
 * <p>What does not fit makes room first: holders that are idle and not pinned are asked to leave,
 * the least important and then the longest idle before the others, and no more of them than needed.
 * Only what they cannot make room for is refused.
 */
@ProviderType
public interface MemoryLedger {
  /**
   * Reserves memory before it is allocated. Waits for holders that were asked to leave, or that
   * work and could be asked afterwards, until the request's deadline.
   *
   * @return what the caller closes once the memory is free again
   * @throws io.sensorium.api.ResourceExhaustedException with the figures: who holds what, and what
   *     was tried; not {@linkplain io.sensorium.api.SensoriumException#retriable() retriable} if it
   *     is more than the budget
   * @throws io.sensorium.api.RequestCancelledException if the request is cancelled meanwhile
   */
  Reservation reserve(MemoryRequest request, RequestContext context);

  /** Answers whether so much could be reserved now, idle holders leaving. Reserves nothing. */
  boolean fits(String device, long bytes);

  /**
   * Whether graphs could be opened while those that they replace are still open, or only
   * afterwards. A graph that is open already needs nothing more.
   *
   * @param incoming to be opened
   * @param outgoing to be closed; empty if nothing is replaced
   */
  SwapPlan plan(List<ModelGraph> incoming, List<ModelGraph> outgoing);

  /** Everything that is held now. */
  MemoryReport report();
}
