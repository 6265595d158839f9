package io.sensorium.testkit;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.graphs.LinearProjection;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A package whose encoder is a random projection: nobody trained it, yet like items come out near
 * each other (Johnson and Lindenstrauss, 1984). It is whole, with golden vectors, so that a bundle
 * can be built and tested before there are weights. Immutable.
 *
 * @param id the package's
 * @param version the package's
 * @param modality what its one graph reads
 * @param space where its embeddings live
 * @param itemShape of one item's tensor, {@code [1, ...]}, all known
 * @param dimension the number of an embedding's components
 * @param preprocessing what the encoder's bundle reads
 * @param seed of the weights and of the golden inputs
 */
public record ProjectionPackage(
    String id,
    String version,
    Modality modality,
    SpaceId space,
    Shape itemShape,
    int dimension,
    Map<String, Object> preprocessing,
    long seed) {
  /** The name of the graph's input. */
  public static final String INPUT = "input_values";

  /** The name of the graph's output. */
  public static final String OUTPUT = "embeds";

  private static final String GRAPH = "model.onnx";
  private static final int GOLDEN_ITEMS = 3;

  public ProjectionPackage {
    Objects.requireNonNull(modality, "modality");
    Objects.requireNonNull(space, "space");
    preprocessing = Map.copyOf(preprocessing);
    if (itemShape.rank() < 2 || itemShape.dimension(0) != 1 || !itemShape.isStatic()) {
      throw new IllegalArgumentException(
          "an item's shape must be [1, ...] and known; got " + itemShape);
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be at least 1; got " + dimension);
    }
  }

  /**
   * Writes the package into a folder. What lies there already, a model card or recorded media,
   * becomes part of it.
   *
   * @throws IOException if a file cannot be written
   */
  public ModelPackage writeTo(Path folder) throws IOException {
    return writeTo(folder, Map.of());
  }

  /**
   * As {@link #writeTo(Path)}, with more in the recording.
   *
   * @param recorded tensors such as {@code pre.<case>.input_values}, what the encoder must make of
   *     {@code media/<case>.*}
   * @throws IOException if a file cannot be written
   */
  public ModelPackage writeTo(Path folder, Map<String, Tensor> recorded) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(seed);
    int features = Math.toIntExact(itemShape.elements());
    float[] weight = normal(random, features * dimension, 1 / Math.sqrt(features));
    float[] bias = normal(random, dimension, 0.1);
    LinearProjection.write(
        folder.resolve(GRAPH),
        input(),
        OUTPUT,
        Tensor.ofFloats(Shape.of(features, dimension), weight),
        Tensor.ofFloats(Shape.of(dimension), bias));
    float[] items = normal(random, GOLDEN_ITEMS * features, 1);
    Map<String, Tensor> golden = new TreeMap<>(recorded);
    golden.put("input." + INPUT, Tensor.ofFloats(itemShape.with(0, GOLDEN_ITEMS), items));
    golden.put("output." + OUTPUT, projected(items, weight, bias));
    SafetensorsWriter.writeTensors(
        folder.resolve("golden.safetensors"), golden, Map.of("seed", Long.toString(seed)));
    ModelManifest manifest = manifest(folder, (long) weight.length + bias.length);
    ModelManifestJson.write(manifest, folder.resolve(ModelManifestJson.FILE_NAME));
    return new ModelPackage(manifest, folder);
  }

  /**
   * Makes a package's manifest fit the files that lie in its folder now.
   *
   * @throws IOException if a file cannot be read or written
   */
  public static void rehash(Path folder) throws IOException {
    Path file = folder.resolve(ModelManifestJson.FILE_NAME);
    ModelManifest old = ModelManifestJson.read(file);
    ModelManifestJson.write(
        new ModelManifest(
            old.id(),
            old.version(),
            old.task(),
            old.architecture(),
            old.space(),
            old.licence(),
            old.graphs(),
            old.calibration(),
            PackageFiles.hash(folder)),
        file);
  }

  private TensorSpec input() {
    return new TensorSpec(INPUT, ElementType.FLOAT32, itemShape.with(0, Shape.DYNAMIC));
  }

  private ModelManifest manifest(Path folder, long parameters) throws IOException {
    TensorSpec output =
        new TensorSpec(OUTPUT, ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, dimension));
    GraphManifest graph =
        new GraphManifest(
            modality.name(),
            Optional.of(modality),
            GRAPH,
            List.of(input()),
            List.of(output),
            Settings.of("preprocessing", preprocessing));
    long workingBytes = Float.BYTES * (2 * itemShape.elements() + 2L * dimension);
    return new ModelManifest(
        id,
        version,
        ModelManifest.EMBEDDING,
        "random-projection",
        Optional.of(space),
        new ModelLicence("Apache-2.0", true),
        List.of(graph.with(new GraphMemory(parameters, Float.BYTES * parameters, workingBytes))),
        Settings.of("calibration", Map.of()),
        PackageFiles.hash(folder));
  }

  /** What the graph must give, in double precision, so that it is an oracle. */
  private Tensor projected(float[] items, float[] weight, float[] bias) {
    int features = weight.length / dimension;
    Tensor embeddings =
        Tensor.allocate(ElementType.FLOAT32, Shape.of(items.length / features, dimension));
    FloatBuffer values = embeddings.asFloats();
    for (int item = 0; item < items.length; item += features) {
      for (int component = 0; component < dimension; component++) {
        double sum = bias[component];
        for (int feature = 0; feature < features; feature++) {
          sum += (double) items[item + feature] * weight[feature * dimension + component];
        }
        values.put((float) sum);
      }
    }
    return embeddings;
  }

  private static float[] normal(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
