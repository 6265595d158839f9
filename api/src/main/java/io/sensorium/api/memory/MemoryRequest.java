package io.sensorium.api.memory;

import io.sensorium.api.runtime.Reclaimable;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody is about to hold. Immutable.
 *
 * @param device {@code cpu} or {@code cuda:n}
 * @param owner for whom, in messages and reports; its first word is the name by which it can be
 *     pinned and given a priority, for instance {@code clip-b32 1 (vision)}
 * @param planned what was computed beforehand
 * @param reserved what counts: the plan, or what was measured when the same was held before
 * @param holder who can give it back when memory is short, and how important it is; empty if nobody
 *     can be asked
 */
public record MemoryRequest(
    String device,
    String owner,
    MemoryAmounts planned,
    MemoryAmounts reserved,
    Optional<Reclaimable> holder) {
  public MemoryRequest {
    if (!device.matches("cpu|cuda:\\d{1,3}")) {
      throw new IllegalArgumentException("a device must be cpu or cuda:n; got '" + device + "'");
    }
    if (owner.isBlank()) {
      throw new IllegalArgumentException("memory needs an owner's name");
    }
    Objects.requireNonNull(planned, "planned");
    Objects.requireNonNull(reserved, "reserved");
    Objects.requireNonNull(holder, "holder");
  }

  /** Memory for one thing, counted as planned, that nobody can be asked to give back. */
  public static MemoryRequest of(String device, String owner, MemoryKind kind, long bytes) {
    MemoryAmounts amounts = MemoryAmounts.of(kind, bytes);
    return new MemoryRequest(device, owner, amounts, amounts, Optional.empty());
  }

  /** The same, that somebody can be asked to give back. */
  public MemoryRequest reclaimableBy(Reclaimable asked) {
    return new MemoryRequest(device, owner, planned, reserved, Optional.of(asked));
  }
}
