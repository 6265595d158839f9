package io.sensorium.host.bench.hotplug;

import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.host.api.Sensorium;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds at one moment.
 *
 * @param residentBytes of memory, as the system counts it
 * @param threads of the process, native ones among them; not those of which the JVM has as many as
 *     suit the machine and its work
 * @param descriptors open
 * @param sessions open in the runtime
 * @param temporaryFiles below the home, without the index and what the framework logs
 * @param metaspaceBytes in use
 * @param heapBytes in use after a collection
 */
public record ProcessSample(
    long residentBytes,
    long threads,
    long descriptors,
    long sessions,
    long temporaryFiles,
    long metaspaceBytes,
    long heapBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final long UNKNOWN = -1;

  /** How the names of compilers', collectors' and pools' threads begin. */
  private static final List<String> AS_MANY_AS_SUIT =
      List.of("C1 Compiler", "C2 Compiler", "GC Thread", "G1 ", "ForkJoinPool");

  /** Collects garbage, then looks. Figures that the system does not tell are -1. */
  static ProcessSample take(Sensorium sensorium) {
    System.gc();
    return new ProcessSample(
        status("VmRSS:") < 0 ? UNKNOWN : status("VmRSS:") * 1024,
        countedThreads(),
        entries(DESCRIPTORS),
        sensorium.service(InferenceRuntime.class).sessions().size(),
        files(sensorium.options().home()),
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

  private static long countedThreads() {
    if (!Files.isReadable(TASKS)) {
      return UNKNOWN;
    }
    try (Stream<Path> tasks = Files.list(TASKS)) {
      return tasks.filter(ProcessSample::counts).count();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static boolean counts(Path task) {
    try {
      return AS_MANY_AS_SUIT.stream().noneMatch(Files.readString(task.resolve("comm"))::startsWith);
    } catch (IOException e) {
      return false; // It has ended.
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
