package io.sensorium.runtime.onnx;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device that was asked for.
 *
 * @param device the one device allowed; empty for {@code auto}
 */
record DeviceRequest(Optional<Device> device) {
  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /**
   * Reads {@code cpu}, {@code cuda}, {@code cuda:n} or {@code auto}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static DeviceRequest parse(String text) {
    Matcher matcher = CUDA.matcher(text);
    if (matcher.matches()) {
      int index = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
      return new DeviceRequest(Optional.of(Device.cuda(index)));
    }
    return switch (text) {
      case "cpu" -> new DeviceRequest(Optional.of(Device.CPU));
      case "auto" -> new DeviceRequest(Optional.empty());
      default ->
          throw new IllegalArgumentException(
              "a device must be cpu, cuda, cuda:n or auto; got '" + text + "'");
    };
  }

  @Override
  public String toString() {
    return device.map(Device::toString).orElse("auto");
  }
}
