package io.sensorium.api.model;

import io.sensorium.api.space.SpaceId;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Turns published checkpoints into model packages. Thread-safe.
 *
 * <p>A checkpoint is a folder as model hubs publish it: {@code config.json}, {@code
 * model.safetensors} or shards, processor and tokenizer files. The package gets a graph that refers
 * to the weights where they are; they are linked or copied, and converted only where {@link
 * Precision} says so.
 */
@ProviderType
public interface ModelImporter {
  /** The model types that can be imported, as {@code config.json} names them. */
  SortedSet<String> architectures();

  /**
   * Writes a package.
   *
   * @param checkpoint a folder, only read
   * @param target the package's folder, which must not exist yet; its parent is created
   * @return the package, ready for {@link ModelRepository#install}
   * @throws io.sensorium.api.ModelLoadException if the checkpoint is damaged or of an unknown
   *     family, listing every tensor and setting that is wrong, or if a lower precision moves its
   *     embeddings too far; nothing is left behind
   * @throws io.sensorium.api.StorageException if the target exists or cannot be written
   */
  ModelPackage importCheckpoint(Path checkpoint, Path target, ImportRequest request);

  /**
   * Says what a checkpoint or package will take, reading its headers and configuration alone. The
   * checkpoint may be of a family that cannot be imported: its graphs are then left out.
   *
   * @param folder of a checkpoint, or of a package that was made from one
   * @param precision that the figures of its graphs are for; a package has its own
   * @param batch items in one run, at least 1
   * @throws io.sensorium.api.ModelLoadException if it cannot be read
   */
  ModelPlan plan(Path folder, Precision precision, int batch);

  /**
   * What a package shall be called.
   *
   * @param id its id
   * @param version its version
   * @param space where an encoder's embeddings live; a space of the model's own if empty
   * @param licence its terms; what the checkpoint's card says if empty, and then unknown if the
   *     card is silent
   * @param precision how its weights are stored
   * @param leastCosine below which cosine between its embeddings and those in float32 a lower
   *     precision is refused, in [0.95, 1]
   * @param base the installed model that a low-rank adapter is for; nothing else has one
   */
  record ImportRequest(
      String id,
      String version,
      Optional<SpaceId> space,
      Optional<ModelLicence> licence,
      Precision precision,
      double leastCosine,
      Optional<ModelPackage> base) {
    /** What a lower precision has to keep unless the user allows less. */
    public static final double LEAST_COSINE = 0.995;

    /** What int4 has to keep: 16 values a weight cost about 8 % of its size. */
    public static final double LEAST_COSINE_OF_INT4 = 0.95;

    private static final double LOWEST_COSINE = 0.95;

    public ImportRequest {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(space, "space");
      Objects.requireNonNull(licence, "licence");
      Objects.requireNonNull(precision, "precision");
      Objects.requireNonNull(base, "base");
      if (!(leastCosine >= LOWEST_COSINE && leastCosine <= 1)) {
        throw new IllegalArgumentException(
            "the least cosine must be in [%s, 1]; got %s".formatted(LOWEST_COSINE, leastCosine));
      }
    }

    /** A package whose weights are stored as published. */
    public ImportRequest(
        String id, String version, Optional<SpaceId> space, Optional<ModelLicence> licence) {
      this(id, version, space, licence, Precision.FLOAT32, LEAST_COSINE, Optional.empty());
    }

    /** A package of that id, version 1, with everything else as the checkpoint says. */
    public static ImportRequest of(String id) {
      return new ImportRequest(id, "1", Optional.empty(), Optional.empty());
    }

    /** What a precision has to keep unless the user allows less. */
    public static double leastCosine(Precision precision) {
      return precision == Precision.INT4 ? LEAST_COSINE_OF_INT4 : LEAST_COSINE;
    }

    /** The same package in another precision. */
    public ImportRequest with(Precision changed, double least) {
      return new ImportRequest(id, version, space, licence, changed, least, base);
    }

    /** The same package, made for an installed model. */
    public ImportRequest basedOn(ModelPackage model) {
      return new ImportRequest(
          id, version, space, licence, precision, leastCosine, Optional.of(model));
    }
  }
}
