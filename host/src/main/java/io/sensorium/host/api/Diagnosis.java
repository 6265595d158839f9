package io.sensorium.host.api;

import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.runtime.DeviceStatus;
import io.sensorium.api.space.EncoderStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a host finds when it looks at itself. Immutable.
 *
 * @param versions of the host, Java, ONNX Runtime, Lucene, DJL, Felix and the operating system
 * @param configuredDevice the device asked for
 * @param devices the devices of this machine and whether their providers really load
 * @param index how the index is doing, where there is one
 * @param indexedItems how many items it has
 * @param memory of the process and the machine
 * @param home the home folder
 * @param freeDiskBytes what the home's disk has left for us
 * @param models installed packages, {@code id version}
 * @param encoders every encoder as it stands
 * @param checks what the health checks of all bundles say, in the order of their names
 * @param problems what is wrong, one line each; empty on a healthy host
 */
public record Diagnosis(
    Map<String, String> versions,
    String configuredDevice,
    List<DeviceStatus> devices,
    Optional<IndexHealth> index,
    long indexedItems,
    Memory memory,
    Path home,
    long freeDiskBytes,
    List<String> models,
    List<EncoderStatus> encoders,
    List<Check> checks,
    List<String> problems) {

  public Diagnosis {
    devices = List.copyOf(devices);
    models = List.copyOf(models);
    encoders = List.copyOf(encoders);
    checks = List.copyOf(checks);
    problems = List.copyOf(problems);
  }

  /**
   * Memory in bytes.
   *
   * @param heapUsed by Java objects
   * @param heapMaximum that Java objects may use
   * @param machineFree unused memory of the machine
   * @param machineTotal memory of the machine
   */
  public record Memory(long heapUsed, long heapMaximum, long machineFree, long machineTotal) {}

  /**
   * One health check's result.
   *
   * @param name of the check
   * @param status {@code OK}, {@code WARN}, {@code TEMPORARILY_UNAVAILABLE}, {@code CRITICAL} or
   *     {@code HEALTH_CHECK_ERROR}
   * @param messages what it found, one line each
   * @param problems those of the messages that are not fine
   */
  public record Check(String name, String status, List<String> messages, List<String> problems) {
    public Check {
      messages = List.copyOf(messages);
      problems = List.copyOf(problems);
    }
  }
}
