package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.model.VerificationReport.OutputComparison;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs a package on recorded inputs and compares its outputs with the recorded ones.
 *
 * <p>An output passes when its largest difference is at most the tolerance times its largest
 * recorded magnitude, and the smallest cosine over its rows is at least 1 - tolerance / 10: with
 * the tolerance of 0.001, which kernels of different processors keep in 32 bits, 0.9999. A package
 * may declare another in {@code calibration.tolerance}, up to 0.5: those in a lower precision say
 * how far from float32 they are, and some quantised graphs saturate differently from one
 * instruction set to the next.
 */
final class GoldenTest {
  /** The recording's name in a package. */
  static final String FILE_NAME = "golden.safetensors";

  private static final double DEFAULT_TOLERANCE = 1e-3;
  private static final double MAXIMUM_TOLERANCE = 0.5;
  private static final double COSINE_SHARE = 0.1;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final InferenceRuntime runtime;

  GoldenTest(InferenceRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Compares every graph of the package for which the recording has inputs.
   *
   * @throws ModelLoadException if the recording cannot be read, or has the inputs of no graph
   */
  VerificationReport verify(ModelPackage model, Path golden) {
    return verify(model, golden, graph -> {});
  }

  /**
   * As {@link #verify(ModelPackage, Path)}.
   *
   * @param compared told of every graph when its session is not needed any more
   */
  VerificationReport verify(ModelPackage model, Path golden, Consumer<ModelGraph> compared) {
    double tolerance = tolerance(model);
    try (SafetensorsFile file = SafetensorsFile.open(golden)) {
      Recording recording = new Recording(file);
      List<OutputComparison> figures = new ArrayList<>();
      Set<String> skipped = recording.outputs();
      boolean passed = true;
      for (ModelGraph graph : recording.recorded(model.graphs())) {
        for (Comparison comparison : compare(graph, recording)) {
          figures.add(comparison.figures());
          skipped.remove(comparison.figures().name());
          passed &= comparison.passes(tolerance, 1 - tolerance * COSINE_SHARE);
        }
        compared.accept(graph);
      }
      return new VerificationReport(
          model.manifest().id(), passed && !figures.isEmpty(), figures, List.copyOf(skipped));
    }
  }

  private List<Comparison> compare(ModelGraph graph, Recording recording) {
    RequestContext context = RequestContext.within(TIMEOUT);
    try (SessionLease lease = runtime.lease(graph, context)) {
      Map<String, Tensor> outputs = lease.run(recording.inputsOf(graph), context);
      List<Comparison> comparisons = new ArrayList<>();
      recording
          .outputsOf(graph)
          .forEach(
              (name, output) ->
                  comparisons.add(
                      Comparison.of(name, recording.output(name), outputs.get(output))));
      return comparisons;
    }
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
