package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Writes the ONNX graph of a checkpoint. Stateless. */
public final class GraphAuthor {
  private static final List<Family> FAMILIES =
      List.of(new VitFamily(), new AudioSpectrogramFamily());

  private GraphAuthor() {}

  /** The model types that graphs can be written for. */
  public static SortedSet<String> families() {
    SortedSet<String> types = new TreeSet<>();
    FAMILIES.forEach(family -> types.add(family.modelType()));
    return types;
  }

  /**
   * Writes the graph of a checkpoint: by the {@code model_type} of its {@code config.json}, or, if
   * it is in Sentence-Transformers' layout, on top of its exported transformer.
   *
   * @param checkpoint borrowed; the graph refers to its files but does not hold on to it
   * @throws ModelLoadException if the family is unknown, or listing every tensor that is missing or
   *     misshapen and every configuration value that is missing or not supported
   */
  public static AuthoredGraph author(CheckpointFolder checkpoint) {
    if (checkpoint.hasSentenceModules()) {
      return SentenceGraph.author(checkpoint);
    }
    Settings config = checkpoint.config();
    String modelType = config.text("model_type");
    Optional<Family> family =
        FAMILIES.stream().filter(f -> f.modelType().equals(modelType)).findFirst();
    if (family.isEmpty()) {
      throw new ModelLoadException(
          "model_type must be one of %s; got '%s' in %s"
              .formatted(families(), modelType, checkpoint.path()));
    }
    return author(checkpoint, family.get(), config);
  }

  private static AuthoredGraph author(CheckpointFolder checkpoint, Family family, Settings config) {
    Problems problems = new Problems();
    GraphBuilder graph = new GraphBuilder(family.modelType());
    Weights weights = new Weights(graph, checkpoint.weights(), problems);
    Draft.Tower tower =
        family.write(new Draft(new CheckedConfig(config, problems), weights, graph));
    problems.throwIfAny("the %s checkpoint %s".formatted(family.modelType(), checkpoint.path()));
    return new AuthoredGraph(graph, family.modelType(), tower);
  }
}
