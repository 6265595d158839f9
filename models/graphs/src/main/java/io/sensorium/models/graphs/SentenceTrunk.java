package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SentenceModule;
import io.sensorium.models.checkpoints.StoredTensor;
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
 * @param settings for the preprocessing
 */
record SentenceTrunk(
    String architecture,
    GraphBuilder graph,
    Value states,
    Optional<Value> mask,
    Map<String, Object> settings) {

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
    if ((tensors.isEmpty() || family.isEmpty()) && OnnxExport.isIn(checkpoint, module)) {
      return exported(OnnxExport.read(checkpoint, module), modelType);
    }
    if (family.isEmpty()) {
      throw new ModelLoadException(
          "the transformer of %s must have a model_type of %s, or an ONNX export as one of %s; got '%s'"
              .formatted(
                  checkpoint.path(),
                  BertFamily.ALL.stream().map(BertFamily::modelType).toList(),
                  OnnxExport.files(module),
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
        Map.of("max_length", trunk.longestSequence()));
  }

  private static SentenceTrunk exported(OnnxExport export, String modelType) {
    GraphBuilder graph = export.extend();
    Optional<Value> mask =
        graph.inputs().stream()
            .filter(input -> input.name().equals("attention_mask"))
            .map(input -> new Value(input.name(), input.type(), input.shape()))
            .findFirst();
    var states = export.hiddenStates();
    return new SentenceTrunk(
        modelType.isEmpty() ? "bert" : modelType,
        graph,
        new Value(states.name(), states.type(), states.shape()),
        mask,
        Map.of());
  }
}
