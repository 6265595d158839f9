package io.sensorium.runtime.onnx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What NVIDIA's driver says of a device's memory, everybody's use of it counted. */
final class CudaDriver {
  private static final int PATIENCE_SECONDS = 5;
  private static final int MEBI_SHIFT = 20;

  private CudaDriver() {}

  /** What nobody uses; empty where no driver answers. */
  static Optional<Long> freeBytes(Device device) {
    return ask(device, "free").flatMap(CudaDriver::mebibytes).map(free -> free << MEBI_SHIFT);
  }

  /** What is used by anybody. */
  static Optional<Long> usedBytes(Device device) {
    return ask(device, "used").flatMap(CudaDriver::mebibytes).map(used -> used << MEBI_SHIFT);
  }

  /** The first line of a driver's answer as a number. */
  static Optional<Long> mebibytes(String answer) {
    return answer
        .lines()
        .findFirst()
        .map(String::strip)
        .filter(line -> line.matches("\\d{1,9}"))
        .map(Long::valueOf);
  }

  private static Optional<String> ask(Device device, String what) {
    ProcessBuilder question =
        new ProcessBuilder(
            "nvidia-smi",
            "--query-gpu=memory." + what,
            "--format=csv,noheader,nounits",
            "--id=" + device.index());
    try {
      Process process = question.redirectErrorStream(true).start();
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return Optional.empty();
        }
        byte[] answer = process.getInputStream().readAllBytes();
        return Optional.of(new String(answer, StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
