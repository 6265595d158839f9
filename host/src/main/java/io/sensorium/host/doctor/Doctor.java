package io.sensorium.host.doctor;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.runtime.DeviceStatus;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.ZeroShotClassifier;
import io.sensorium.host.api.Diagnosis;
import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.hotplug.DeployFolder;
import io.sensorium.host.launch.ComponentProblems;
import io.sensorium.host.launch.HostFramework;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.launch.Readiness;
import io.sensorium.host.launch.Versions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.felix.hc.api.HealthCheck;

/** Examines one host; parts that are missing become problems, never exceptions. Thread-safe. */
public final class Doctor {
  private static final Duration MOMENT = Duration.ofSeconds(10);
  private static final long LITTLE_DISK_BYTES = 256L << 20;
  private static final long LITTLE_MEMORY_BYTES = 256L << 20;

  private final HostFramework framework;
  private final SensoriumOptions options;

  public Doctor(HostFramework framework, SensoriumOptions options) {
    this.framework = framework;
    this.options = options;
  }

  /** Looks at everything once. */
  public Diagnosis examine() {
    List<String> problems = new ArrayList<>(ComponentProblems.inactive(framework.context()));
    problems.addAll(DeployFolder.problems(options.home().resolve("deploy"), Duration.ZERO));
    problems.addAll(framework.plugIns().deployProblems());
    awaitEncoders();
    for (Class<?> required :
        List.of(
            InferenceRuntime.class,
            MediaDecoder.class,
            ModelRepository.class,
            EmbeddingService.class,
            ZeroShotClassifier.class,
            MediaIndex.class,
            HealthCheck.class)) {
      if (framework.service(required).isEmpty()) {
        problems.add("no bundle offers the service " + required.getSimpleName());
      }
    }
    List<DeviceStatus> devices =
        framework.service(InferenceRuntime.class).map(InferenceRuntime::devices).orElse(List.of());
    List<EncoderStatus> encoders =
        framework.service(EmbeddingService.class).map(EmbeddingService::encoders).orElse(List.of());
    Optional<IndexHealth> index = framework.service(MediaIndex.class).map(MediaIndex::health);
    Diagnosis.Memory memory = memory();
    long freeDisk = freeDisk(problems);
    List<Diagnosis.Check> checks = new HealthChecks(framework.context()).run();
    checks.stream().map(Diagnosis.Check::problems).forEach(problems::addAll);
    if (memory.machineFree() < LITTLE_MEMORY_BYTES) {
      problems.add("little memory is free: %d MiB".formatted(memory.machineFree() >> 20));
    }
    return new Diagnosis(
        Versions.all(),
        options.device(),
        devices,
        index,
        indexedItems(),
        memory,
        options.home(),
        freeDisk,
        models(),
        encoders,
        checks,
        problems);
  }

  /** A host that has just started is not sick: its encoders get a moment. */
  private void awaitEncoders() {
    try {
      Readiness.await(framework.context(), options.space(), MOMENT);
    } catch (HostStartException e) {
      // What is missing is found again, in detail, by the examination itself.
    }
  }

  private List<String> models() {
    return framework
        .service(ModelRepository.class)
        .map(repository -> repository.packages().stream().map(Object::toString).toList())
        .orElse(List.of());
  }

  /** An index that cannot be read is a problem that its health check tells. */
  private long indexedItems() {
    try {
      return framework.service(MediaIndex.class).map(MediaIndex::size).orElse(0L);
    } catch (SensoriumException e) {
      return 0;
    }
  }

  private long freeDisk(List<String> problems) {
    try {
      long free = Files.getFileStore(options.home()).getUsableSpace();
      if (free < LITTLE_DISK_BYTES) {
        problems.add("little disk is free below %s: %d MiB".formatted(options.home(), free >> 20));
      }
      return free;
    } catch (IOException e) {
      problems.add("the home's disk cannot be read: " + Problems.line(e));
      return 0;
    }
  }

  private static Diagnosis.Memory memory() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? new Diagnosis.Memory(
            used, runtime.maxMemory(), machine.getFreeMemorySize(), machine.getTotalMemorySize())
        : new Diagnosis.Memory(used, runtime.maxMemory(), runtime.maxMemory(), 0);
  }
}
