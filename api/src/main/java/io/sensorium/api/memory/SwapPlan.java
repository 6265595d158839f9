package io.sensorium.api.memory;

import io.sensorium.api.lifecycle.Swap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether something new fits beside what it replaces. Immutable; true at the moment when it was
 * asked for, and nothing is reserved by it.
 *
 * @param devices the figures of every device that the new one needs memory of
 */
public record SwapPlan(List<DevicePlan> devices) {
  public SwapPlan {
    devices = List.copyOf(devices);
  }

  /**
   * One device's part.
   *
   * @param device {@code cpu} or {@code cuda:n}
   * @param budgetBytes that may be reserved; empty where nobody knows what the device has
   * @param reservedBytes by everybody now
   * @param incomingBytes that the new one needs
   * @param outgoingBytes that come back once the old one is closed
   * @param idleBytes that others would give back now if they were asked
   */
  public record DevicePlan(
      String device,
      OptionalLong budgetBytes,
      long reservedBytes,
      long incomingBytes,
      long outgoingBytes,
      long idleBytes) {
    /** How the old one can be replaced on this device; empty if the new one does not fit at all. */
    public Optional<Swap> swap() {
      long free = budgetBytes.orElse(Long.MAX_VALUE) - reservedBytes;
      if (incomingBytes == 0 || incomingBytes - idleBytes <= free) {
        return Optional.of(Swap.BLUE_GREEN);
      }
      return incomingBytes - idleBytes - outgoingBytes <= free
          ? Optional.of(Swap.DRAIN_AND_SWAP)
          : Optional.empty();
    }
  }

  /**
   * How the old one can be replaced: side by side, or one after the other where a device needs
   * that; empty if the new one does not fit at all.
   */
  public Optional<Swap> swap() {
    if (devices.stream().anyMatch(device -> device.swap().isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        devices.stream().allMatch(device -> device.swap().get() == Swap.BLUE_GREEN)
            ? Swap.BLUE_GREEN
            : Swap.DRAIN_AND_SWAP);
  }
}
