package io.sensorium.api.memory;

import java.util.List;
import java.util.OptionalLong;

/**
 * One device's account. Immutable.
 *
 * @param device {@code cpu} or {@code cuda:n}
 * @param budgetBytes that may be reserved; empty where nobody knows what the device has
 * @param reservedBytes that count now
 * @param measuredBytes that owners who were measured were seen to hold, together
 * @param holdings who holds what, in the order in which it was reserved; reports last
 */
public record DeviceMemory(
    String device,
    OptionalLong budgetBytes,
    long reservedBytes,
    long measuredBytes,
    List<MemoryHolding> holdings) {
  public DeviceMemory {
    holdings = List.copyOf(holdings);
  }
}
