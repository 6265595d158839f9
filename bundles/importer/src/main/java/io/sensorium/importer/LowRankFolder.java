package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.graphs.PeftAdapter;
import io.sensorium.models.packages.LowRankFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Turns a low-rank adapter as peft saves it into a package without graphs. Stateless. */
final class LowRankFolder {
  static final String ARCHITECTURE = "lora";

  private LowRankFolder() {}

  /** Answers whether a folder holds an adapter and no model. */
  static boolean isIn(CheckpointFolder folder) {
    return PeftAdapter.isIn(folder);
  }

  /**
   * Reads an adapter for the model that the request names.
   *
   * @throws ModelLoadException if that model takes none, or listing all that does not fit
   */
  static PackageContents read(CheckpointFolder folder, ImportRequest request) {
    ModelPackage base =
        request
            .base()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "the adapter %s needs the installed model that it is for (--base)"
                            .formatted(folder.path())));
    if (request.precision() != Precision.FLOAT32) {
      throw new ModelLoadException(
          "an adapter is stored in fp32, whatever its model's precision; got %s (%s)"
              .formatted(request.precision().label(), folder.path()));
    }
    AdaptableDecoder decoder =
        base.manifest().graphs().stream()
            .flatMap(graph -> AdaptableDecoder.of(graph).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "model %s takes no adapters: it must be imported from safetensors, by this version or a later one"
                            .formatted(base)));
    LowRankAdapter adapter = PeftAdapter.read(folder, decoder, request.id());
    return new PackageContents(
        ARCHITECTURE,
        ModelCard.licence(folder),
        List.of(),
        LowRankFile.madeFor(base.manifest()),
        target -> place(folder, adapter, target));
  }

  private static void place(CheckpointFolder folder, LowRankAdapter adapter, Path target)
      throws IOException {
    CheckpointFiles.placePublished(folder, target);
    Files.copy(folder.requireFile(PeftAdapter.CONFIG), target.resolve(PeftAdapter.CONFIG));
    LowRankFile.write(adapter, target);
  }
}
