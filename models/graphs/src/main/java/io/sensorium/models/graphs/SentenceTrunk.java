package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SentenceModule;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The transformer that a Sentence-Transformers model begins with: written from its weights or,
 * where there are none of a known family, somebody's ONNX export.
 *
 * @param architecture the family's name, for instance {@code bert}
 * @param graph to append to
 * @param states the last hidden state, {@code [n, s, d]}
 * @param mask the input {@code attention_mask}, if there is one
 * @param embedding the sentence embedding, where an export computes all that follows too
 * @param settings for the preprocessing
 * @param calibration for the manifest
 */
record SentenceTrunk(
    String architecture,
    GraphBuilder graph,
    Value states,
    Optional<Value> mask,
    Optional<Value> embedding,
    Map<String, Object> settings,
    Map<String, Object> calibration) {
  private static final List<String> EXPORTS =
      List.of("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx");
  private static final List<String> HIDDEN_STATES =
      List.of("last_hidden_state", "token_embeddings");

  /**
   * Writes or reads the transformer.
   *
   * @param kept how many of the first tokens are wanted, 0 for all
   * @throws ModelLoadException if the checkpoint holds neither
   */
  static SentenceTrunk write(
      CheckpointFolder checkpoint, SentenceModule module, long kept, Problems problems) {
    Map<String, StoredTensor> tensors = checkpoint.weights(module.folder());
    Optional<Settings> config = checkpoint.settings(module.file("config.json"));
    String modelType = config.map(settings -> settings.text("model_type", "")).orElse("");
    Optional<BertFamily> family =
        BertFamily.ALL.stream().filter(f -> f.modelType().equals(modelType)).findFirst();
    List<String> exports = EXPORTS.stream().map(module::file).toList();
    Optional<String> export =
        exports.stream().filter(file -> checkpoint.file(file).isPresent()).findFirst();
    if (export.isPresent() && (tensors.isEmpty() || family.isEmpty())) {
      return exported(OnnxExport.read(checkpoint, export.get()).withRowScales(), modelType);
    }
    if (family.isEmpty()) {
      throw new ModelLoadException(
          "the transformer of %s must have a model_type of %s, or an ONNX export as one of %s; got '%s'"
              .formatted(
                  checkpoint.path(),
                  BertFamily.ALL.stream().map(BertFamily::modelType).toList(),
                  exports,
                  modelType));
    }
    GraphBuilder graph = new GraphBuilder(modelType + " text");
    Draft draft =
        new Draft(
            checkpoint,
            new CheckedConfig(config.orElseThrow(), problems),
            new Weights(graph, tensors, problems),
            graph);
    BertTrunk trunk = family.get().openTrunk(draft);
    return new SentenceTrunk(
        modelType,
        graph,
        trunk.states(kept),
        Optional.of(trunk.mask()),
        Optional.empty(),
        Map.of("max_length", trunk.longestSequence()),
        Map.of());
  }

  private static SentenceTrunk exported(OnnxExport export, String modelType) {
    GraphBuilder graph = export.extend(Map.of());
    Optional<Value> mask =
        graph.inputs().stream()
            .filter(input -> input.name().equals("attention_mask"))
            .map(input -> new Value(input.name(), input.type(), input.shape()))
            .findFirst();
    Value states =
        HIDDEN_STATES.stream()
            .flatMap(name -> export.output(name, 3).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "%s must have an output float32[n,s,d] of %s; it has %s"
                            .formatted(export.path(), HIDDEN_STATES, export.outputNames())));
    return new SentenceTrunk(
        modelType.isEmpty() ? "bert" : modelType,
        graph,
        states,
        mask,
        export.output(SentenceGraph.OUTPUT, 2),
        Map.of(),
        export.rewritten());
  }
}
