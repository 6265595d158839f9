package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.DeviceMemory;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryHolding.State;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.memory.SwapPlan;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How everybody who holds memory of a device stands at one moment, for those who want to know it.
 * Immutable.
 *
 * @param device whose memory they hold
 * @param budget bytes that may be reserved of it; {@link Long#MAX_VALUE} where nobody knows
 * @param holders in the order in which they came
 */
record Standings(Device device, long budget, List<Standing> holders) {
  /** What the memory report says of the device. */
  DeviceMemory memory() {
    List<MemoryHolding> holdings = holders.stream().map(Standing::holding).toList();
    return new DeviceMemory(
        device.toString(),
        knownBudget(),
        holdings.stream().mapToLong(holding -> holding.reserved().total()).sum(),
        holdings.stream().mapToLong(holding -> holding.measured().total()).sum(),
        holdings);
  }

  /**
   * How something new would fit.
   *
   * @param incoming its bytes
   * @param outgoing what would be closed for it
   */
  SwapPlan.DevicePlan plan(long incoming, Set<Reservation> outgoing) {
    long reserved = 0;
    long leaving = 0;
    long idle = 0;
    for (Standing standing : holders) {
      reserved += standing.bytes();
      if (outgoing.contains(standing.held())) {
        leaving += standing.bytes();
      } else if (standing.state() == State.IDLE || standing.state() == State.LEAVING) {
        idle += standing.bytes();
      }
    }
    return new SwapPlan.DevicePlan(
        device.toString(), knownBudget(), reserved, incoming, leaving, idle);
  }

  private OptionalLong knownBudget() {
    return budget == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(budget);
  }
}
