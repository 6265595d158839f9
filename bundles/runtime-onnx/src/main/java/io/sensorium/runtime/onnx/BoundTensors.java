package io.sensorium.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The native tensors of one run, closed together. One thread at a time. */
final class BoundTensors implements AutoCloseable {
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

  void addInput(String name, OnnxTensor tensor) {
    inputs.put(name, tensor);
  }

  void addOutput(String name, OnnxTensor tensor) {
    outputs.put(name, tensor);
  }

  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  Map<String, OnnxTensor> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
