package io.sensorium.models.graphs;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs an authored graph in ONNX Runtime. */
final class OnnxRun implements AutoCloseable {
  private final OrtSession session;

  private OnnxRun(OrtSession session) {
    this.session = session;
  }

  /** Writes the graph into a folder of its model, with its weights where it expects them. */
  static OnnxRun open(AuthoredGraph graph, CheckpointFolder checkpoint, Path folder)
      throws IOException, OrtException {
    for (String file : graph.weightFiles()) {
      Files.createDirectories(folder.resolve(file).getParent());
      if (!Files.exists(folder.resolve(file))) {
        Files.copy(checkpoint.requireFile(file), folder.resolve(file));
      }
    }
    graph.writeTo(folder.resolve("model.onnx"));
    return open(folder.resolve("model.onnx"));
  }

  static OnnxRun open(Path model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      return new OnnxRun(environment.createSession(model.toString(), options));
    }
  }

  /** Runs once; every output must be float32. */
  Map<String, Tensor> run(Map<String, Tensor> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        Tensor tensor = input.getValue();
        long[] shape = dimensions(tensor.shape());
        fed.put(
            input.getKey(),
            tensor.type() == ElementType.FLOAT32
                ? OnnxTensor.createTensor(environment, tensor.asFloats(), shape)
                : OnnxTensor.createTensor(environment, tensor.asLongs(), shape));
      }
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(fed)) {
        for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          float[] values = new float[tensor.getFloatBuffer().remaining()];
          tensor.getFloatBuffer().get(values);
          outputs.put(
              output.getKey(), Tensor.ofFloats(Shape.of(tensor.getInfo().getShape()), values));
        }
      }
      return outputs;
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] dimensions(Shape shape) {
    long[] dimensions = new long[shape.rank()];
    for (int axis = 0; axis < dimensions.length; axis++) {
      dimensions[axis] = shape.dimension(axis);
    }
    return dimensions;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
