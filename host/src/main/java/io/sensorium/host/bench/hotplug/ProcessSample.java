package io.sensorium.host.bench.hotplug;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds at one moment.
 *
 * @param residentBytes of memory, as the system counts it
 * @param threads of the process, the JVM's own and native ones among them
 * @param descriptors open
 * @param temporaryFiles below the home, without the index and what the framework logs
 * @param metaspaceBytes in use
 * @param heapBytes in use after a collection
 */
public record ProcessSample(
    long residentBytes,
    long threads,
    long descriptors,
    long temporaryFiles,
    long metaspaceBytes,
    long heapBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long UNKNOWN = -1;

  /** Collects garbage, then looks. Figures that the system does not tell are -1. */
  static ProcessSample take(Path home) {
    System.gc();
    return new ProcessSample(
        status("VmRSS:") < 0 ? UNKNOWN : status("VmRSS:") * 1024,
        status("Threads:"),
        entries(DESCRIPTORS),
        files(home),
        pool("Metaspace"),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  private static long status(String key) {
    if (!Files.isReadable(STATUS)) {
      return UNKNOWN;
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(key.length()).replaceAll("[^0-9]", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static long entries(Path folder) {
    if (!Files.isReadable(folder)) {
      return UNKNOWN;
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.count();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Files come and go while they are counted; a folder that is gone holds none. */
  private static long files(Path home) {
    long count = 0;
    try (Stream<Path> walk = Files.walk(home)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        boolean index = path.startsWith(home.resolve("index"));
        if (!index && Files.isRegularFile(path)) {
          count++;
        }
      }
      return count;
    } catch (UncheckedIOException | IOException e) {
      if (e instanceof NoSuchFileException || e.getCause() instanceof NoSuchFileException) {
        return UNKNOWN;
      }
      throw e instanceof UncheckedIOException u ? u : new UncheckedIOException((IOException) e);
    }
  }

  private static long pool(String name) {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.NON_HEAP && pool.getName().equals(name))
        .mapToLong((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
        .sum();
  }
}
