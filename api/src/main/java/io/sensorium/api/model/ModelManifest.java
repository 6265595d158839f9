package io.sensorium.api.model;

import io.sensorium.api.space.SpaceId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code model.json} says of a package: format 2. Immutable.
 *
 * @param id 1 to 128 characters of {@code [A-Za-z0-9._-]}
 * @param version of the package, likewise
 * @param task what it does, for instance {@code embedding}
 * @param architecture the reference's model type, for instance {@code vit}
 * @param space where its encoders' embeddings live; empty for other tasks
 * @param licence its terms
 * @param graphs what runs; several where a checkpoint has several towers
 * @param calibration zero-shot settings: {@code temperature} in (0, 1], {@code prompts} a list of
 *     templates with {@code {}} for the label
 * @param files every file but {@code model.json} itself
 */
public record ModelManifest(
    String id,
    String version,
    String task,
    String architecture,
    Optional<SpaceId> space,
    ModelLicence licence,
    List<GraphManifest> graphs,
    Settings calibration,
    List<ModelFile> files) {

  /** The task of a package whose encoders embed items into one space. */
  public static final String EMBEDDING = "embedding";

  /** The task of a package whose graph continues a text token by token. */
  public static final String GENERATION = "generation";

  /**
   * The task of a package whose graph makes of an encoder's features rows that stand where a
   * language model's tokens would.
   */
  public static final String PROJECTION = "projection";

  /** The task of a package without graphs that changes a language model's linear layers. */
  public static final String LORA = "lora";

  public ModelManifest {
    requireName("id", id);
    requireName("version", version);
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(licence, "licence");
    graphs = List.copyOf(graphs);
    files = List.copyOf(files);
    boolean embeds = graphs.stream().anyMatch(GraphManifest::isEncoder);
    if (task.equals(EMBEDDING) && (!embeds || space.isEmpty())) {
      throw new IllegalArgumentException(
          "an embedding package needs a graph with a modality, and a space (model " + id + ")");
    }
    requireGraphs(id, graphs, files);
  }

  private static void requireGraphs(String id, List<GraphManifest> graphs, List<ModelFile> files) {
    Set<String> names = new HashSet<>();
    for (GraphManifest graph : graphs) {
      if (!names.add(graph.name())) {
        throw new IllegalArgumentException(
            "graphs must have different names; got '%s' twice (model %s)"
                .formatted(graph.name(), id));
      }
      if (files.stream().noneMatch(file -> file.path().equals(graph.file()))) {
        throw new IllegalArgumentException(
            "the graph '%s' must be among the files (model %s)".formatted(graph.file(), id));
      }
    }
  }

  private static void requireName(String what, String value) {
    if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new IllegalArgumentException(
          "a model's %s must match [A-Za-z0-9][A-Za-z0-9._-]{0,127}; got '%s'"
              .formatted(what, value));
    }
  }
}
