package io.sensorium.runtime.onnx;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads main memory from the C library and the operating system, and a GPU's from its driver, which
 * counts other processes as well. Thread-safe.
 *
 * @param process says what is allocated and mapped
 */
record DeviceMeter(ProcessFigures process) implements NativeMeter {
  @Override
  public Optional<Reading> read(Device device, Optional<Path> files) {
    if (device.cuda()) {
      return CudaDriver.usedBytes(device).map(bytes -> new Reading(bytes, 0));
    }
    OptionalLong allocated = process.nativeBytes();
    return allocated.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Reading(allocated.getAsLong(), files.map(process::mappedBytes).orElse(0L)));
  }
}
