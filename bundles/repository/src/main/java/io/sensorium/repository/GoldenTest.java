package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.model.VerificationReport.OutputComparison;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a package on recorded inputs and compares its outputs with the recorded ones.
 *
 * <p>An output passes when its largest difference is at most the tolerance times its largest
 * recorded magnitude, and the smallest cosine over its rows is at least 1 - tolerance / 10: with
 * the tolerance of 0.001, which kernels of different processors keep in 32 bits, 0.9999. A package
 * may declare another in {@code calibration.tolerance}, up to 0.1: quantised graphs saturate
 * differently from one instruction set to the next.
 */
final class GoldenTest {
  /** The recording's name in a package. */
  static final String FILE_NAME = "golden.safetensors";

  private static final double DEFAULT_TOLERANCE = 1e-3;
  private static final double MAXIMUM_TOLERANCE = 0.1;
  private static final double COSINE_SHARE = 0.1;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String INPUT = "input.";
  private static final String OUTPUT = "output.";

  private final InferenceRuntime runtime;

  GoldenTest(InferenceRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Compares.
   *
   * @throws ModelLoadException if the recording cannot be read, or lacks an input of the graph
   */
  VerificationReport verify(ModelPackage model, Path golden) {
    double tolerance = tolerance(model);
    RequestContext context = RequestContext.within(TIMEOUT);
    try (SafetensorsFile recording = SafetensorsFile.open(golden);
        SessionLease lease = runtime.lease(model, context)) {
      Map<String, Tensor> outputs = lease.run(inputs(model, lease, recording), context);
      List<OutputComparison> compared = new ArrayList<>();
      List<String> skipped = new ArrayList<>();
      boolean passed = true;
      for (String name : recording.names()) {
        if (!name.startsWith(OUTPUT)) {
          continue;
        }
        String output = name.substring(OUTPUT.length());
        if (!outputs.containsKey(output)) {
          skipped.add(output);
          continue;
        }
        Comparison comparison = Comparison.of(output, recording.tensor(name), outputs.get(output));
        compared.add(comparison.figures());
        passed &= comparison.passes(tolerance, 1 - tolerance * COSINE_SHARE);
      }
      return new VerificationReport(
          model.manifest().id(), passed && !compared.isEmpty(), compared, skipped);
    }
  }

  private static Map<String, Tensor> inputs(
      ModelPackage model, SessionLease lease, SafetensorsFile recording) {
    Map<String, Tensor> inputs = new HashMap<>();
    for (TensorSpec spec : lease.inputs()) {
      String name = INPUT + spec.name();
      if (!recording.contains(name)) {
        throw new ModelLoadException(
            "a recording for model %s must hold '%s' %s; got %s in %s"
                .formatted(model, name, spec.signature(), recording.names(), recording.path()));
      }
      inputs.put(spec.name(), recording.tensor(name));
    }
    return inputs;
  }

  private static double tolerance(ModelPackage model) {
    double tolerance = model.manifest().calibration().decimal("tolerance", DEFAULT_TOLERANCE);
    if (!(tolerance > 0 && tolerance <= MAXIMUM_TOLERANCE)) {
      throw new ModelLoadException(
          "'calibration.tolerance' of model %s must be in (0, %s]; got %s"
              .formatted(model, MAXIMUM_TOLERANCE, tolerance));
    }
    return tolerance;
  }
}
