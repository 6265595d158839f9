package io.sensorium.runtime.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.runtime.onnx.binding.OnnxBinding;
import io.sensorium.runtime.onnx.binding.SessionBinder;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An ONNX Runtime session. Owns the native session; runs may overlap. */
final class OnnxSession implements GraphSession {
  private final ModelKey model;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final RunWatch watch;
  private final String executionProvider;
  private final long weightBytes;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final Optional<Integer> cudaIndex;
  private volatile boolean terminated;

  /** Takes over the native session; the caller closes it if this throws. */
  OnnxSession(
      ModelKey model,
      OrtEnvironment environment,
      OrtSession session,
      RunWatch watch,
      Device device,
      long weightBytes)
      throws OrtException {
    this.model = model;
    this.environment = environment;
    this.session = session;
    this.watch = watch;
    this.executionProvider = device.executionProvider();
    this.cudaIndex = device.cuda() ? Optional.of(device.index()) : Optional.empty();
    this.weightBytes = weightBytes;
    this.inputs = specs(model, session.getInputInfo().values());
    this.outputs = specs(model, session.getOutputInfo().values());
  }

  private static List<TensorSpec> specs(ModelKey model, Collection<NodeInfo> nodes) {
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : nodes) {
      if (!(node.getInfo() instanceof TensorInfo info)
          || OnnxTensors.elementType(info.type).isEmpty()) {
        throw new ModelLoadException(
            "'%s' must be a tensor of numbers or booleans; got %s (model %s)"
                .formatted(node.getName(), node.getInfo(), model));
      }
      specs.add(
          new TensorSpec(
              node.getName(),
              OnnxTensors.elementType(info.type).orElseThrow(),
              Shape.of(info.getShape())));
    }
    return List.copyOf(specs);
  }

  @Override
  public List<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public List<TensorSpec> outputs() {
    return outputs;
  }

  @Override
  public String executionProvider() {
    return executionProvider;
  }

  @Override
  public long weightBytes() {
    return weightBytes;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> given, RequestContext context) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    execute(
        given,
        Map.of(),
        context,
        result -> {
          for (Map.Entry<String, OnnxValue> output : result) {
            copies.put(output.getKey(), OnnxTensors.copyOf((OnnxTensor) output.getValue()));
          }
        });
    return copies;
  }

  @Override
  public void run(Map<String, Tensor> given, Map<String, Tensor> into, RequestContext context) {
    execute(given, into, context, result -> {});
  }

  @FunctionalInterface
  private interface ResultReader {
    void read(OrtSession.Result result);
  }

  private void execute(
      Map<String, Tensor> given,
      Map<String, Tensor> into,
      RequestContext context,
      ResultReader reader) {
    context.check("the run of model " + model);
    try (Arena scratch = Arena.ofConfined();
        OrtSession.RunOptions options = new OrtSession.RunOptions();
        BoundTensors bound = new BoundTensors()) {
      for (Map.Entry<String, Tensor> input : given.entrySet()) {
        String name = input.getKey();
        bound.addInput(name, OnnxTensors.borrow(environment, name, input.getValue(), scratch));
      }
      for (Map.Entry<String, Tensor> output : into.entrySet()) {
        String name = output.getKey();
        bound.addOutput(name, OnnxTensors.pin(environment, name, output.getValue()));
      }
      Set<String> requested = bound.outputs().isEmpty() ? session.getOutputNames() : Set.of();
      watched(
          options,
          context,
          () -> {
            try (OrtSession.Result result =
                session.run(bound.inputs(), requested, bound.outputs(), options)) {
              reader.read(result);
            }
          });
    } catch (OrtException e) {
      throw new InferenceException(
          "model %s failed to run: %s".formatted(model, e.getMessage()), e);
    }
  }

  void runBound(OnnxBinding binding, RequestContext context) {
    context.check("the run of model " + model);
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      watched(options, context, () -> binding.run(options));
    } catch (OrtException | InferenceException e) {
      throw new InferenceException(
          "model %s failed to run: %s".formatted(model, e.getMessage()), e);
    }
  }

  @Override
  public Optional<ResidentSession> resident() {
    return Optional.of(new OnnxResidence(this, new SessionBinder(session, cudaIndex)));
  }

  @FunctionalInterface
  private interface NativeRun {
    void run() throws OrtException;
  }

  private void watched(OrtSession.RunOptions options, RequestContext context, NativeRun nativeRun)
      throws OrtException {
    WatchedRun run = watch.begin(this, context, () -> terminate(options));
    try {
      if (terminated) {
        throw new ServiceGoneException("model " + model + " was retired");
      }
      nativeRun.run();
    } catch (OrtException | InferenceException e) {
      if (run.wasStopped()) {
        throw stopped(context, e);
      }
      throw e;
    } finally {
      watch.end(run);
    }
  }

  private SensoriumException stopped(RequestContext context, Exception cause) {
    if (context.isCancelled()) {
      return new RequestCancelledException(
          "request cancelled during the run of model " + model, cause);
    }
    if (context.isOver()) {
      return new DeadlineExceededException(
          "deadline passed during the run of model " + model, cause);
    }
    return new ServiceGoneException("model " + model + " was retired during the run", cause);
  }

  private static void terminate(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new InferenceException("a run cannot be terminated: " + e.getMessage(), e);
    }
  }

  @Override
  public void terminate() {
    terminated = true;
    watch.terminate(this);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new InferenceException(
          "the session of model %s cannot be closed: %s".formatted(model, e.getMessage()), e);
    }
  }
}
