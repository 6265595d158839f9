package io.sensorium.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;

/** Opens a graph on the chosen device. Thread-safe. */
final class OnnxSessionOpener implements GraphEngine {
  private final Devices devices;
  private final SessionSettings settings;
  private final RunWatch watch;

  OnnxSessionOpener(Devices devices, SessionSettings settings, RunWatch watch) {
    this.devices = devices;
    this.settings = settings;
    this.watch = watch;
  }

  @Override
  public GraphSession open(ModelGraph graph) {
    long weightBytes = ExternalData.check(graph);
    Device device = devices.chosen();
    OrtEnvironment environment = OnnxEnvironment.get();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      configure(options, device);
      spin(options, graph);
      // By path, not from memory: weights beside the graph are found relative to it, and mapped.
      String file = graph.path().toString();
      OrtSession session = environment.createSession(file, options);
      boolean opened = false;
      try {
        OnnxSession result =
            new OnnxSession(ModelKey.of(graph), environment, session, watch, device, weightBytes);
        TensorChecks.requireDeclared(graph, result.inputs(), result.outputs());
        opened = true;
        return result;
      } finally {
        if (!opened) {
          session.close();
        }
      }
    } catch (OrtException e) {
      throw new ModelLoadException(
          "model %s cannot be opened on %s: %s".formatted(graph, device, e.getMessage()), e);
    }
  }

  private void configure(OrtSession.SessionOptions options, Device device) throws OrtException {
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setIntraOpNumThreads(settings.threads());
    options.setInterOpNumThreads(1);
    if (!ProcessorFeatures.sumsBytesExactly()) {
      // Sums of products of unsigned by signed bytes saturate in 16 bits otherwise.
      options.addConfigEntry("session.x64quantprecision", "1");
    }
    // Failures arrive as exceptions; ONNX Runtime would print them as well.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    device.configure(options);
  }

  /** A token is hundreds of short operators, and to wake a thread takes as long as one of them. */
  private void spin(OrtSession.SessionOptions options, ModelGraph graph) throws OrtException {
    boolean generates = graph.model().manifest().task().equals(ModelManifest.GENERATION);
    boolean briefly = !settings.spinning() && generates && settings.decodeSpinMicros() > 0;
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    options.addConfigEntry(
        "session.intra_op.allow_spinning", settings.spinning() || briefly ? "1" : "0");
    if (briefly) {
      options.addConfigEntry(
          "session.intra_op.spin_duration_us", Integer.toString(settings.decodeSpinMicros()));
    } else if (settings.spinning()) {
      // Whoever lets threads wait busily for the next operator does not mean the next request.
      options.addConfigEntry("session.force_spinning_stop", "1");
    }
  }
}
