package io.sensorium.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.runtime.DeviceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out whether a device really computes: multiplies two small matrices on it and reads in ONNX
 * Runtime's own profile which provider ran the node. That a provider is compiled in, or was asked
 * for, proves nothing.
 */
final class DeviceProbe {
  private static final Pattern NODE_PROVIDER = Pattern.compile("\"provider\"\\s*:\\s*\"(\\w+)\"");

  private DeviceProbe() {}

  static DeviceStatus probe(Device device) {
    try {
      OrtEnvironment environment = OnnxEnvironment.get();
      if (device.cuda() && !OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
        return unusable(
            device, "this build of ONNX Runtime " + environment.getVersion() + " has no CUDA");
      }
      String provider = providerThatRan(environment, device);
      if (!provider.equals(device.executionProvider())) {
        return unusable(
            device, device.executionProvider() + " is required; " + provider + " ran the probe");
      }
      return new DeviceStatus(
          device.toString(), true, provider + ", ONNX Runtime " + environment.getVersion());
    } catch (OrtException | SensoriumException e) {
      return unusable(device, e.getMessage());
    }
  }

  private static DeviceStatus unusable(Device device, String reason) {
    return new DeviceStatus(device.toString(), false, reason);
  }

  private static String providerThatRan(OrtEnvironment environment, Device device)
      throws OrtException {
    Path profile = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      device.configure(options);
      options.setIntraOpNumThreads(1);
      Path folder = Files.createTempDirectory("sensorium-probe-");
      try {
        options.enableProfiling(folder.resolve("probe").toString());
        try (OrtSession session = environment.createSession(graph(), options);
            OnnxTensor matrix = matrix(environment)) {
          session.run(Map.of("a", matrix, "b", matrix)).close();
          profile = Path.of(session.endProfiling());
        }
        Matcher matcher = NODE_PROVIDER.matcher(Files.readString(profile));
        return matcher.find() ? matcher.group(1) : "none";
      } finally {
        if (profile != null) {
          Files.deleteIfExists(profile);
        }
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new StorageException("the device probe cannot write its profile: " + e, e);
    }
  }

  private static OnnxTensor matrix(OrtEnvironment environment) throws OrtException {
    return OnnxTensor.createTensor(
        environment, FloatBuffer.wrap(new float[] {1, 2, 3, 4}), new long[] {2, 2});
  }

  private static byte[] graph() throws IOException {
    try (InputStream in = DeviceProbe.class.getResourceAsStream("probe.onnx")) {
      return in.readAllBytes();
    }
  }
}
