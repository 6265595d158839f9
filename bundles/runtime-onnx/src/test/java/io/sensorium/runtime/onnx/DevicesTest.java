package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.runtime.DeviceStatus;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DevicesTest {
  @ParameterizedTest
  @CsvSource({"cpu,cpu", "cuda,cuda:0", "cuda:0,cuda:0", "cuda:12,cuda:12", "auto,auto"})
  void aDeviceIsReadAndNamed(String text, String name) {
    assertThat(DeviceRequest.parse(text)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:x", "cpu:0"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> DeviceRequest.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cpu, cuda, cuda:n or auto");
  }

  @Test
  void autoTakesCudaWhereItComputesAndTheCpuElsewhere() {
    assertThat(devices("auto", Set.of("cpu", "cuda:0")).chosen()).isEqualTo(Device.cuda(0));
    assertThat(devices("auto", Set.of("cpu")).chosen()).isEqualTo(Device.CPU);
  }

  @Test
  void aDeviceAskedForIsNeverReplaced() {
    assertThat(devices("cuda:1", Set.of("cpu", "cuda:0", "cuda:1")).chosen())
        .isEqualTo(Device.cuda(1));
    assertThat(devices("cpu", Set.of("cpu", "cuda:0")).chosen()).isEqualTo(Device.CPU);
    Devices missing = devices("cuda:1", Set.of("cpu", "cuda:0"));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(missing::chosen)
          .isInstanceOf(ModelLoadException.class)
          .hasMessage("device cuda:1 was asked for and cannot be used: not here");
    }
  }

  @Test
  void theConfiguredDeviceIsListedFirst() {
    assertThat(devices("cuda:1", Set.of("cpu", "cuda:0", "cuda:1")).statuses())
        .extracting(DeviceStatus::name)
        .containsExactly("cuda:1", "cpu", "cuda:0");
    assertThat(devices("cuda:5", Set.of("cpu", "cuda:0")).statuses())
        .extracting(DeviceStatus::name)
        .containsExactly("cuda:5", "cpu", "cuda:0");
    assertThat(devices("auto", Set.of("cpu")).statuses())
        .extracting(DeviceStatus::name)
        .containsExactly("cpu", "cuda:0");
  }

  private static Devices devices(String request, Set<String> usable) {
    return new Devices(
        DeviceRequest.parse(request),
        device ->
            new DeviceStatus(device.toString(), usable.contains(device.toString()), "not here"));
  }
}
