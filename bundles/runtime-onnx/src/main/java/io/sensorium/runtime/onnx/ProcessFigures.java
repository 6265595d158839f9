package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Reads what the operating system and Java say of this process. Thread-safe. */
final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int KIBI_SHIFT = 10;

  private final AllocatedMemory allocated = new AllocatedMemory();

  /** All of it; on other systems than Linux only what Java knows. */
  ProcessMemory read() {
    List<String> status = lines(STATUS);
    Runtime java = Runtime.getRuntime();
    return new ProcessMemory(
        field(status, "VmRSS"),
        field(status, "RssAnon"),
        field(status, "RssFile"),
        allocated.bytes(),
        java.totalMemory() - java.freeMemory(),
        java.totalMemory(),
        java.maxMemory());
  }

  /** What native code holds: counted by the C library, or else what belongs to no file. */
  OptionalLong nativeBytes() {
    OptionalLong counted = allocated.bytes();
    return counted.isPresent() ? counted : field(lines(STATUS), "RssAnon");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** For instance {@code VmRSS: 12345 kB}. */
  static OptionalLong field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.replaceAll("\\D", ""))
        .filter(digits -> !digits.isEmpty())
        .mapToLong(digits -> Long.parseLong(digits) << KIBI_SHIFT)
        .findFirst();
  }
}
