package io.sensorium.runtime.onnx;

import java.nio.file.Path;
import java.util.Optional;

/** Measures what native code holds. Thread-safe. */
@FunctionalInterface
interface NativeMeter {
  /**
   * A moment's figures.
   *
   * @param allocatedBytes that native code holds of the device
   * @param mappedBytes of the files' pages that are in main memory
   */
  record Reading(long allocatedBytes, long mappedBytes) {
    long bytes() {
      return allocatedBytes + mappedBytes;
    }
  }

  /**
   * Reads the figures.
   *
   * @param files the folder whose mapped files count, which is slow; empty if none do
   * @return empty where the system does not tell
   */
  Optional<Reading> read(Device device, Optional<Path> files);
}
