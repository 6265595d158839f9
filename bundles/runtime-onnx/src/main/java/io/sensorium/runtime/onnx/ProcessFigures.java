package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.ProcessMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads what the operating system and Java say of this process. Thread-safe. */
final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Pattern MAPPING = Pattern.compile("[0-9a-f]+-[0-9a-f]+ ");
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

  /** The pages of a folder's mapped files that are in main memory. */
  long mappedBytes(Path folder) {
    String inFolder = " " + folder.toAbsolutePath().normalize() + "/";
    long bytes = 0;
    boolean inside = false;
    try (BufferedReader reader = Files.newBufferedReader(MAPPINGS)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (MAPPING.matcher(line).lookingAt()) {
          inside = line.contains(inFolder);
        } else if (inside && line.startsWith("Rss:")) {
          bytes += field(List.of(line), "Rss").orElse(0);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return bytes;
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
