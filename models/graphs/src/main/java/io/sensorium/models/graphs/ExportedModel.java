package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that somebody exported to ONNX, in Optimum's layout; its nodes and weights stay as they
 * are, but for {@linkplain OnnxExport#withRowScales scales that a batch shares}. The inputs tell
 * what a graph reads, the outputs which of them is the embedding; where only the last hidden state
 * is given, pooling is appended. A graph with several towers is cut into them if each embedding is
 * computed from its own inputs.
 */
final class ExportedModel {
  private static final List<String> FOLDERS = List.of("onnx/", "");
  private static final List<String> TOWERS =
      List.of("vision_model.onnx", "text_model.onnx", "audio_model.onnx");
  private static final List<String> WHOLE =
      List.of(
          "model.onnx", "encoder_model.onnx", "model_quantized.onnx", "decoder_model_merged.onnx");

  /** Handed on behind the embedding. */
  private static final List<String> FURTHER_OUTPUTS = List.of("last_hidden_state", "pooler_output");

  private final ExportedSizes sizes;
  private final Problems problems = new Problems();
  private final List<AuthoredGraph> graphs = new ArrayList<>();

  private ExportedModel(ExportedSizes sizes) {
    this.sizes = sizes;
  }

  /** Answers whether a checkpoint holds an export. */
  static boolean isIn(CheckpointFolder checkpoint) {
    return !files(checkpoint).isEmpty();
  }

  static AuthoredModel author(CheckpointFolder checkpoint) {
    ExportedModel model = new ExportedModel(new ExportedSizes(checkpoint));
    for (String file : files(checkpoint)) {
      OnnxExport export = OnnxExport.read(checkpoint, file);
      if (ExportedDecoder.isOne(export)) {
        return new ExportedDecoder(checkpoint, export).author();
      }
      model.add(export.withRowScales());
    }
    model.problems.throwIfAny("the ONNX export " + checkpoint.path());
    return new AuthoredModel(model.sizes.modelType(), model.graphs);
  }

  /** The towers' files if there are any, otherwise the one file. */
  private static List<String> files(CheckpointFolder checkpoint) {
    Optional<String> named = ExportedDecoder.fileOf(checkpoint);
    if (named.isPresent()) {
      return List.of(named.get());
    }
    for (String folder : FOLDERS) {
      List<String> towers = present(checkpoint, folder, TOWERS);
      if (!towers.isEmpty()) {
        return towers;
      }
    }
    return FOLDERS.stream()
        .flatMap(folder -> present(checkpoint, folder, WHOLE).stream())
        .limit(1)
        .toList();
  }

  private static List<String> present(
      CheckpointFolder checkpoint, String folder, List<String> names) {
    return names.stream()
        .map(name -> folder + name)
        .filter(name -> checkpoint.file(name).isPresent())
        .toList();
  }

  private void add(OnnxExport export) {
    List<ExportedTower> towers =
        ExportedTower.ALL.stream()
            .filter(tower -> export.inputs().stream().anyMatch(in -> tower.gives(in.name())))
            .toList();
    export.inputs().stream()
        .map(TensorSpec::name)
        .filter(name -> towers.stream().noneMatch(tower -> tower.gives(name)))
        .forEach(
            name ->
                problems.add(
                    "%s reads '%s', which no encoder gives".formatted(export.path(), name)));
    if (towers.isEmpty()) {
      problems.add(
          "%s must read one of %s"
              .formatted(
                  export.path(), ExportedTower.ALL.stream().map(ExportedTower::inputs).toList()));
    } else if (towers.size() == 1) {
      addTower(export, towers.getFirst());
    } else {
      towers.forEach(tower -> addPart(export, tower));
    }
  }

  private void addPart(OnnxExport export, ExportedTower tower) {
    Optional<Value> embedding = tower.embedding(export);
    if (embedding.isEmpty()) {
      problems.add(
          "%s reads several modalities and must have an output float32[n,d] '%s'; it has %s"
              .formatted(export.path(), tower.pooledName(), export.outputNames()));
      return;
    }
    OnnxExport part = export.partFor(embedding.get().name());
    List<String> foreign =
        part.inputs().stream().map(TensorSpec::name).filter(in -> !tower.gives(in)).toList();
    if (foreign.isEmpty()) {
      addTower(part, tower);
    } else {
      problems.add(
          "'%s' of %s must be computed from its own inputs alone; it reads %s too"
              .formatted(embedding.get().name(), export.path(), foreign));
    }
  }

  private void addTower(OnnxExport export, ExportedTower tower) {
    Map<String, Shape> shapes = new HashMap<>();
    export.inputs().forEach(input -> shapes.put(input.name(), tower.shape(input, sizes)));
    GraphBuilder graph = export.extend(shapes);
    Optional<Value> named = tower.embedding(export);
    Optional<Value> pooled =
        named.isPresent()
            ? Optional.empty()
            : export.output("last_hidden_state", 3).flatMap(s -> tower.pool(graph, s));
    Optional<Value> embedding = named.or(() -> export.output("pooler_output", 2));
    if (pooled.isPresent()) {
      graph.output(tower.pooledName(), pooled.get());
    } else if (embedding.isPresent()) {
      graph.keepOutput(embedding.get());
    } else {
      problems.add(
          "%s must have an embedding float32[n,d] or a last_hidden_state float32[n,s,d]; its outputs are %s"
              .formatted(export.path(), export.outputNames()));
      return;
    }
    keepFurther(export, graph);
    graphs.add(
        new AuthoredGraph(
            tower.graphName(),
            graph,
            new Draft.Tower(
                Optional.of(tower.modality()), preprocessing(export, tower), export.rewritten())));
  }

  private static void keepFurther(OnnxExport export, GraphBuilder graph) {
    for (String name : FURTHER_OUTPUTS) {
      if (graph.outputs().stream().noneMatch(output -> output.name().equals(name))) {
        export.output(name, 3).or(() -> export.output(name, 2)).ifPresent(graph::keepOutput);
      }
    }
  }

  /**
   * Without a mask a text model takes padding for text, so that it needs as much as it is used to.
   */
  private Map<String, Object> preprocessing(OnnxExport export, ExportedTower tower) {
    int tokens = sizes.tokens();
    if (!tower.equals(ExportedTower.TEXT) || tokens < 1) {
      return Map.of();
    }
    boolean masked = export.inputs().stream().anyMatch(in -> in.name().equals("attention_mask"));
    return masked
        ? Map.of("max_length", tokens)
        : Map.of("max_length", tokens, "padding", "max_length");
  }
}
