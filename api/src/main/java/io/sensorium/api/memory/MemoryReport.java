package io.sensorium.api.memory;

import java.util.List;
import java.util.Objects;

/**
 * The ledger at one moment. Immutable.
 *
 * @param devices that anything was reserved on, main memory first
 * @param process all of it, counted or not
 */
public record MemoryReport(List<DeviceMemory> devices, ProcessMemory process) {
  public MemoryReport {
    devices = List.copyOf(devices);
    Objects.requireNonNull(process, "process");
  }
}
