package io.sensorium.runtime.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the processor can do that ONNX Runtime does not find out for itself. Stateless.
 *
 * <p>On x86 without VNNI or AMX, the fast product of unsigned by signed bytes adds pairs of
 * products in 16 bits, which saturate. ONNX Runtime has slower kernels that are exact, and uses
 * them where it is told to: on a processor with VNNI as well, at half the speed.
 */
final class ProcessorFeatures {
  private static final Path LINUX = Path.of("/proc/cpuinfo");
  private static final List<String> EXACT = List.of("avx512_vnni", "avx_vnni", "amx_int8");

  private ProcessorFeatures() {}

  /** Answers whether the fast kernels are exact as well; false where that cannot be known. */
  static boolean sumsBytesExactly() {
    try (Stream<String> lines = Files.lines(LINUX)) {
      return sumsBytesExactly(lines);
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@link #sumsBytesExactly()}, from the lines of Linux's description of the processor. */
  static boolean sumsBytesExactly(Stream<String> description) {
    return description
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(line -> Arrays.asList(line.split("\\s+")))
        .filter(flags -> !Collections.disjoint(flags, EXACT))
        .isPresent();
  }
}
