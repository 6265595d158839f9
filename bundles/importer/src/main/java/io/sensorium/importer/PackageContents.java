package io.sensorium.importer;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.graphs.AuthoredGraph;
import io.sensorium.models.graphs.AuthoredModel;
import io.sensorium.models.graphs.GraphAuthor;
import io.sensorium.models.graphs.ModelPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a package will hold, before it lies on disk.
 *
 * @param architecture the reference's model type
 * @param licence what the card says; where it is silent, what the family is published under
 * @param graphs what runs
 * @param calibration what follows from the graphs; the checkpoint's own declaration goes before it
 * @param placement puts graphs, weights and the checkpoint's other files into an empty folder
 */
record PackageContents(
    String architecture,
    ModelLicence licence,
    List<GraphManifest> graphs,
    Map<String, Object> calibration,
    Placement placement) {
  static final String TOLERANCE = "tolerance";

  private static final String GRAPH = "model.onnx";

  /** Lets a standard architecture serve a sense that its makers did not think of. */
  private static final String MODALITY = "modality";

  /** Integer kernels saturate differently with and without VNNI. */
  private static final double QUANTISED_TOLERANCE = 0.1;

  /** Writes files. */
  @FunctionalInterface
  interface Placement {
    void writeTo(Path emptyFolder) throws IOException;
  }

  /**
   * Reads a checkpoint: one that declares its graph as it is, any other by authoring its graphs.
   *
   * @param checkpoint borrowed until the contents were placed for the last time
   * @throws io.sensorium.api.ModelLoadException as {@link GraphAuthor#author}
   */
  static PackageContents of(CheckpointFolder checkpoint, Precision precision) {
    if (DjlFolder.isIn(checkpoint)) {
      return DjlFolder.read(checkpoint, precision);
    }
    return OnnxFolder.isIn(checkpoint)
        ? OnnxFolder.read(checkpoint, precision)
        : authored(checkpoint, precision);
  }

  private static PackageContents authored(CheckpointFolder checkpoint, Precision precision) {
    AuthoredModel model = GraphAuthor.author(checkpoint, precision);
    Settings config = ModelPlanner.config(checkpoint);
    Map<String, Object> calibration = new LinkedHashMap<>();
    if (model.graphs().stream().anyMatch(AuthoredGraph::isQuantised)) {
      calibration.put(TOLERANCE, QUANTISED_TOLERANCE);
    }
    model.graphs().forEach(graph -> calibration.putAll(graph.calibration()));
    List<GraphManifest> graphs =
        model.graphs().stream()
            .map(
                graph ->
                    manifest(graph, model, checkpoint)
                        .with(ModelPlanner.memory(graph, precision, config)))
            .toList();
    return new PackageContents(
        model.architecture(),
        licence(checkpoint, model),
        graphs,
        calibration,
        folder -> place(checkpoint, model, folder));
  }

  private static ModelLicence licence(CheckpointFolder checkpoint, AuthoredModel model) {
    ModelLicence card = ModelCard.licence(checkpoint);
    return card.equals(ModelLicence.UNKNOWN) ? model.licence().orElse(card) : card;
  }

  private static void place(CheckpointFolder checkpoint, AuthoredModel model, Path folder)
      throws IOException {
    for (AuthoredGraph graph : model.graphs()) {
      graph.writeTo(folder.resolve(fileOf(graph, model)));
    }
    for (AuthoredGraph variant : model.variants()) {
      variant.writeTo(folder.resolve(AuthoredModel.fileOf(variant.name())));
    }
    CheckpointFiles.place(checkpoint, model, folder);
  }

  private static GraphManifest manifest(
      AuthoredGraph graph, AuthoredModel model, CheckpointFolder checkpoint) {
    Settings preprocessing =
        DeclaredPreprocessing.of(graph.modality(), graph.preprocessing(), checkpoint);
    return new GraphManifest(
        graph.name(),
        model.graphs().size() == 1
            ? graph.modality().map(usual -> modality(usual, preprocessing, checkpoint))
            : graph.modality(),
        fileOf(graph, model),
        graph.inputs(),
        graph.outputs(),
        preprocessing);
  }

  /** What the only encoder of a checkpoint reads, where its processor says that it is unusual. */
  private static Modality modality(
      Modality usual, Settings preprocessing, CheckpointFolder checkpoint) {
    String name = preprocessing.text(MODALITY, usual.name());
    try {
      return new Modality(name);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(
          "'%s' of the processor in %s: %s".formatted(MODALITY, checkpoint.path(), e.getMessage()),
          e);
    }
  }

  private static String fileOf(AuthoredGraph graph, AuthoredModel model) {
    return model.graphs().size() == 1 ? GRAPH : AuthoredModel.fileOf(graph.name());
  }
}
