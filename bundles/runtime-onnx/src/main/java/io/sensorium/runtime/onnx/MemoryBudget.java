package io.sensorium.runtime.onnx;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory sessions may reserve. Immutable.
 *
 * @param hostBytes of main memory; 0 for a share of what the machine or container has
 * @param deviceBytes of each CUDA device; 0 for a share of what it has
 * @param items in one run, that activations are reserved for
 */
record MemoryBudget(long hostBytes, long deviceBytes, int items) {
  static final MemoryBudget DEFAULT = new MemoryBudget(0, 0, 32);

  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);
  private static final double SHARE = 0.9;
  private static final double LEAST_HOST_SHARE = 0.25;

  MemoryBudget {
    if (hostBytes < 0 || deviceBytes < 0 || items < 1) {
      throw new IllegalArgumentException(
          "budgets must not be negative, and items at least 1; got %d and %d bytes, %d items"
              .formatted(hostBytes, deviceBytes, items));
    }
  }

  /** What may be reserved of a device. */
  long of(Device device) {
    if (device.cuda()) {
      return deviceBytes > 0 ? deviceBytes : cudaShare(device);
    }
    return hostBytes > 0 ? hostBytes : hostShare(physicalBytes(), Runtime.getRuntime().maxMemory());
  }

  /** Nine tenths of the memory but for the largest heap, and a quarter of it at least. */
  static long hostShare(long physicalBytes, long heapBytes) {
    return (long) Math.max(SHARE * physicalBytes - heapBytes, LEAST_HOST_SHARE * physicalBytes);
  }

  /** Of the container, where it has a limit. */
  private static long physicalBytes() {
    try {
      ObjectName machine = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
      Object bytes =
          ManagementFactory.getPlatformMBeanServer().getAttribute(machine, "TotalMemorySize");
      return ((Number) bytes).longValue();
    } catch (JMException e) {
      throw new IllegalStateException("this Java does not say how much memory there is", e);
    }
  }

  /** Nine tenths of what is free when the device is first used; everything where nobody knows. */
  private static long cudaShare(Device device) {
    Optional<Long> free = CudaDriver.freeBytes(device);
    if (free.isEmpty()) {
      LOG.warn("the free memory of {} is not known: sessions on it are not limited", device);
    }
    return free.map(bytes -> (long) (SHARE * bytes)).orElse(Long.MAX_VALUE);
  }
}
