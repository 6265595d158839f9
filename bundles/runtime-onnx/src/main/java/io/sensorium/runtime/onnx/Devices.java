package io.sensorium.runtime.onnx;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.runtime.DeviceStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the device once, when it is first needed, and lists what there is. Thread-safe. */
final class Devices {
  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
  private static final int MAXIMUM_CUDA_DEVICES = 64;

  private final DeviceRequest request;
  private final Function<Device, DeviceStatus> probe;
  private final FutureTask<Device> choice = new FutureTask<>(this::choose);

  Devices(DeviceRequest request, Function<Device, DeviceStatus> probe) {
    this.request = request;
    this.probe = probe;
  }

  DeviceRequest request() {
    return request;
  }

  /**
   * The device that sessions run on.
   *
   * @throws ModelLoadException if the one that was asked for cannot be used
   */
  Device chosen() {
    choice.run();
    try {
      return choice.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelLoadException("interrupted while the device was chosen", e);
    } catch (ExecutionException e) {
      throw new ModelLoadException(e.getCause().getMessage(), e.getCause());
    }
  }

  private Device choose() {
    Device wanted = request.device().orElse(Device.cuda(0));
    if (!wanted.cuda()) {
      return wanted;
    }
    DeviceStatus status = probe.apply(wanted);
    if (status.usable()) {
      LOG.info("device {}: running on {} ({})", request, wanted, status.detail());
      return wanted;
    }
    if (request.device().isPresent()) {
      throw new ModelLoadException(
          "device %s was asked for and cannot be used: %s".formatted(wanted, status.detail()));
    }
    LOG.info("device auto: running on cpu, because {}: {}", wanted, status.detail());
    return Device.CPU;
  }

  /** Every device, each tried; the configured one first. */
  List<DeviceStatus> statuses() {
    Map<Device, DeviceStatus> found = new LinkedHashMap<>();
    found.put(Device.CPU, probe.apply(Device.CPU));
    for (int index = 0; index < MAXIMUM_CUDA_DEVICES; index++) {
      Device device = Device.cuda(index);
      DeviceStatus status = probe.apply(device);
      boolean wanted = request.device().equals(Optional.of(device));
      if (status.usable() || index == 0 || wanted) {
        found.put(device, status);
      }
      if (!status.usable()) {
        break;
      }
    }
    request.device().ifPresent(device -> found.computeIfAbsent(device, probe));
    List<DeviceStatus> ordered = new ArrayList<>();
    Device first = request.device().orElse(Device.cuda(0));
    if (request.device().isPresent() || found.get(first).usable()) {
      ordered.add(found.remove(first));
    }
    ordered.addAll(found.values());
    return List.copyOf(ordered);
  }
}
