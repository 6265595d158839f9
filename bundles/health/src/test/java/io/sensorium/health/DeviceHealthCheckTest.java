package io.sensorium.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.DeviceStatus;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.SessionStatus;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.Result.Status;
import org.junit.jupiter.api.Test;

class DeviceHealthCheckTest {
  private static final DeviceStatus CPU = new DeviceStatus("cpu", true, "onnxruntime");
  private static final DeviceStatus NO_CUDA =
      new DeviceStatus("cuda:0", false, "libcudart is missing");

  @Test
  void isOkWhereTheDeviceCanBeUsed() {
    assertThat(check("cpu", CPU, NO_CUDA).getStatus()).isEqualTo(Status.OK);
  }

  @Test
  void whoTakesAnyDeviceHasOne() {
    assertThat(check("auto", CPU, NO_CUDA).getStatus()).isEqualTo(Status.OK);
  }

  @Test
  void isCriticalWhereTheDeviceCannotBeUsedAndSaysWhy() {
    Result result = check("cuda:0", NO_CUDA, CPU);

    assertThat(result.getStatus()).isEqualTo(Status.CRITICAL);
    assertThat(result.toString()).contains("the device cuda:0 is not usable: libcudart is missing");
  }

  private static Result check(String wanted, DeviceStatus... devices) {
    return new DeviceHealthCheck(new KnownDevices(wanted, List.of(devices))).execute();
  }

  /** Knows devices, and runs nothing. */
  private record KnownDevices(String configuredDevice, List<DeviceStatus> devices)
      implements InferenceRuntime {
    @Override
    public SessionLease lease(ModelGraph graph, RequestContext context) {
      throw new UnsupportedOperationException("a health check runs nothing");
    }

    @Override
    public boolean retire(ModelGraph graph, RequestContext context) {
      return true;
    }

    @Override
    public List<SessionStatus> sessions() {
      return List.of();
    }
  }
}
