package io.sensorium.api.model;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code model.json} says of a package: format 1. Immutable.
 *
 * @param id 1 to 128 characters of {@code [A-Za-z0-9._-]}
 * @param version of the package, likewise
 * @param task what it does, for instance {@code embedding}
 * @param architecture the reference's model type, for instance {@code vit}
 * @param modality what an encoder reads; empty for other tasks
 * @param space where an encoder's embeddings live; empty for other tasks
 * @param licence its terms
 * @param graph the ONNX file's path in the package
 * @param inputs the graph's inputs
 * @param outputs the graph's outputs; an encoder's first one is the embedding
 * @param preprocessing the processor's declaration, as the checkpoint publishes it
 * @param calibration zero-shot settings: {@code temperature} in (0, 1], {@code prompts} a list of
 *     templates with {@code {}} for the label
 * @param files every file but {@code model.json} itself
 */
public record ModelManifest(
    String id,
    String version,
    String task,
    String architecture,
    Optional<Modality> modality,
    Optional<SpaceId> space,
    ModelLicence licence,
    String graph,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    Settings preprocessing,
    Settings calibration,
    List<ModelFile> files) {

  /** The task of a package that embeds items of one modality into one space. */
  public static final String EMBEDDING = "embedding";

  public ModelManifest {
    requireName("id", id);
    requireName("version", version);
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(licence, "licence");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    files = List.copyOf(files);
    if (task.equals(EMBEDDING) && (modality.isEmpty() || space.isEmpty() || outputs.isEmpty())) {
      throw new IllegalArgumentException(
          "an embedding package needs a modality, a space and an output (model " + id + ")");
    }
    if (files.stream().noneMatch(file -> file.path().equals(graph))) {
      throw new IllegalArgumentException(
          "the graph '%s' must be among the files (model %s)".formatted(graph, id));
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
