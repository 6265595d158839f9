package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lets a package of a lower precision pass if it stays near the same checkpoint in float32, on
 * random inputs and on those that the checkpoint's own recording holds. Thread-safe.
 *
 * @param run runs both
 */
record ParityGate(PackageRun run) {
  /** What other processors and other inputs may add to the distance that was measured. */
  private static final double MARGIN = 1.25;

  private static final String IDS = "input.input_ids";
  private static final double LEAST_TOLERANCE = 0.002;
  private static final double GREATEST_TOLERANCE = 0.5;

  /** How a tolerance counts against a cosine, as the self-test of packages has it. */
  private static final double COSINE_SHARE = 0.1;

  /**
   * Compares, and records the reference's outputs beside the candidate unless the checkpoint
   * brought a recording.
   *
   * @param brought the checkpoint's recording
   * @return the tolerance that the package is to declare
   * @throws ModelLoadException with the figures, if the candidate is too far off
   */
  double check(
      ModelPackage reference,
      ModelPackage candidate,
      ImportRequest request,
      RandomInputs random,
      Optional<Path> brought) {
    Map<String, Map<String, Tensor>> expected =
        run.outputs(reference, (graph, input) -> random.of(input));
    Map<String, Map<String, Tensor>> actual =
        run.outputs(candidate, (graph, input) -> random.of(input));
    Parity parity = Parity.of(reference.manifest().graphs(), expected, actual);
    if (brought.isEmpty()) {
      Path file = candidate.folder().resolve(GoldenRecorder.FILE_NAME);
      GoldenRecorder.write(reference, expected, random, file);
    } else {
      parity = parity.or(onRecorded(brought.get(), reference, candidate, random));
    }
    requireNear(parity, candidate, request);
    return Math.ceil(1000 * (LEAST_TOLERANCE + MARGIN * parity.tolerance())) / 1000;
  }

  private Parity onRecorded(
      Path file, ModelPackage reference, ModelPackage candidate, RandomInputs random) {
    try (SafetensorsFile recording = SafetensorsFile.open(file)) {
      RandomInputs others =
          recording.contains(IDS) ? random.beside(recording.tensor(IDS).shape()) : random;
      PackageRun.Inputs inputs =
          (graph, input) -> recorded(recording, graph, input).orElseGet(() -> others.of(input));
      return Parity.of(
          reference.manifest().graphs(),
          run.outputs(reference, inputs),
          run.outputs(candidate, inputs));
    }
  }

  private static Optional<Tensor> recorded(
      SafetensorsFile recording, GraphManifest graph, TensorSpec input) {
    return List.of("input." + input.name(), "input." + graph.name()).stream()
        .filter(recording::contains)
        .map(recording::tensor)
        .filter(input::accepts)
        .findFirst();
  }

  private static void requireNear(Parity parity, ModelPackage model, ImportRequest request) {
    if (!(parity.embeddings().cosine() >= request.leastCosine())) {
      throw new ModelLoadException(
          "model %s in %s must keep a cosine of %s with its %s in fp32; got %.5f (largest difference %.4f of the scale). Accept less with --accept-parity, or import it in fp32"
              .formatted(
                  model,
                  request.precision().label(),
                  request.leastCosine(),
                  model.manifest().task().equals(ModelManifest.GENERATION)
                      ? "logits"
                      : "embeddings",
                  parity.embeddings().cosine(),
                  parity.embeddings().relative()));
    }
    if (!(MARGIN * parity.tolerance() + LEAST_TOLERANCE <= GREATEST_TOLERANCE)) {
      throw new ModelLoadException(
          "model %s in %s must keep its outputs within %s of those in fp32; got a cosine of %.5f and a largest difference of %.4f of the scale. Import it in fp32"
              .formatted(
                  model,
                  request.precision().label(),
                  GREATEST_TOLERANCE,
                  parity.all().cosine(),
                  parity.all().relative()));
    }
  }

  /**
   * The distances of a package.
   *
   * @param embeddings of what encoders embed; of everything, a decoder's logits for instance, if
   *     nothing is an encoder
   * @param all of every output
   */
  private record Parity(Distance embeddings, Distance all) {
    static Parity of(
        List<GraphManifest> graphs,
        Map<String, Map<String, Tensor>> expected,
        Map<String, Map<String, Tensor>> actual) {
      boolean encodes = graphs.stream().anyMatch(GraphManifest::isEncoder);
      Distance embeddings = Distance.NONE;
      Distance all = Distance.NONE;
      for (GraphManifest graph : graphs) {
        for (int i : IntStream.range(0, graph.outputs().size()).toArray()) {
          String name = graph.outputs().get(i).name();
          if (GoldenRecorder.isCache(name)) {
            continue;
          }
          Distance distance =
              Distance.between(
                  expected.get(graph.name()).get(name), actual.get(graph.name()).get(name));
          all = all.or(distance);
          if (!encodes || (graph.isEncoder() && i == 0)) {
            embeddings = embeddings.or(distance);
          }
        }
      }
      return new Parity(embeddings, all);
    }

    Parity or(Parity other) {
      return new Parity(embeddings.or(other.embeddings), all.or(other.all));
    }

    double tolerance() {
      return Math.max(all.relative(), (1 - all.cosine()) / COSINE_SHARE);
    }
  }
}
