package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SentenceModule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Sentence-Transformers model: what {@code modules.json} lists after the transformer, appended to
 * the transformer's existing ONNX export.
 *
 * <p>Gives {@code text_embeds [n, dimension]}, always of length 1.
 */
final class SentenceGraph {
  private static final String OUTPUT = "text_embeds";
  private static final String MASK = "attention_mask";

  private final CheckpointFolder checkpoint;
  private final GraphBuilder graph;
  private final Operators operators;
  private final Problems problems = new Problems();

  private SentenceGraph(CheckpointFolder checkpoint, GraphBuilder graph) {
    this.checkpoint = checkpoint;
    this.graph = graph;
    this.operators = new Operators(graph);
  }

  static AuthoredModel author(CheckpointFolder checkpoint) {
    List<SentenceModule> modules = checkpoint.sentenceModules();
    if (modules.isEmpty() || !modules.get(0).kind().equals("Transformer")) {
      throw new ModelLoadException(
          "modules.json in %s must begin with a Transformer; got %s"
              .formatted(checkpoint.path(), modules));
    }
    OnnxExport export = OnnxExport.read(checkpoint, modules.get(0));
    SentenceGraph sentence = new SentenceGraph(checkpoint, export.extend());
    sentence.write(export.hiddenStates(), modules.subList(1, modules.size()));
    sentence.problems.throwIfAny("the sentence transformer " + checkpoint.path());
    String architecture =
        checkpoint
            .settings(modules.get(0).file("config.json"))
            .map(config -> config.text("model_type", "bert"))
            .orElse("bert");
    Draft.Tower tower = Draft.Tower.of(Modality.TEXT);
    return new AuthoredModel(
        architecture, List.of(new AuthoredGraph("text", sentence.graph, tower)));
  }

  private void write(TensorSpec hiddenStates, List<SentenceModule> modules) {
    Value x = new Value(hiddenStates.name(), hiddenStates.type(), hiddenStates.shape());
    boolean unit = false;
    for (SentenceModule module : modules) {
      unit = module.kind().equals("Normalize");
      switch (module.kind()) {
        case "Pooling" -> x = pool(module, x);
        case "Dense" -> x = dense(module, x);
        case "Normalize" -> x = operators.unitRows(module.folder(), x);
        default -> problems.add("module %s is not supported".formatted(module));
      }
    }
    if (x.shape().rank() != 2) {
      problems.add("modules.json must list a Pooling module");
    }
    graph.output(OUTPUT, unit ? x : operators.unitRows(OUTPUT, x));
  }

  /** {@code [n, s, d]} to {@code [n, d]}. */
  private Value pool(SentenceModule module, Value x) {
    String mode = poolingMode(checkpoint.settings(module.file("config.json")));
    return switch (mode) {
      case "cls" -> operators.token(module.folder(), x, 0);
      case "mean" -> mean(module.folder(), x);
      default -> {
        problems.add("pooling in %s must be mean or cls; got %s".formatted(module, mode));
        yield operators.token(module.folder(), x, 0);
      }
    };
  }

  private static String poolingMode(Optional<Settings> config) {
    if (config.isEmpty()) {
      return "mean";
    }
    List<String> chosen =
        config.get().asMap().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("pooling_mode_"))
            .filter(entry -> Boolean.TRUE.equals(entry.getValue()))
            .map(entry -> entry.getKey().substring("pooling_mode_".length()))
            .map(name -> name.replace("_tokens", "").replace("_token", ""))
            .toList();
    return chosen.isEmpty() ? config.get().text("pooling_mode", "mean") : String.join("+", chosen);
  }

  /** {@code sum(x * mask) / max(sum(mask), 1e-9)} over the tokens. */
  private Value mean(String layer, Value x) {
    Value mask = operators.toFloat(layer, graphInput(MASK));
    Value row = operators.unsqueeze(layer, mask, 1);
    Value sum = operators.times(layer, row, x);
    // The mask is 0 or 1, so its product with itself counts the tokens.
    Value count = operators.times(layer, row, operators.unsqueeze(layer, mask, 2));
    Value least = operators.maximum(layer, count, graph.scalar(1e-9f));
    return operators.reshape(layer, operators.divide(layer, sum, least), -1, x.width());
  }

  private Value graphInput(String name) {
    for (TensorSpec input : graph.inputs()) {
      if (input.name().equals(name)) {
        return new Value(name, input.type(), input.shape());
      }
    }
    problems.add("the exported transformer must have an input '%s'".formatted(name));
    return new Value(name, ElementType.INT64, Shape.of(Shape.DYNAMIC, Shape.DYNAMIC));
  }

  private Value dense(SentenceModule module, Value x) {
    CheckedConfig config =
        new CheckedConfig(
            checkpoint
                .settings(module.file("config.json"))
                .orElseGet(() -> Settings.of(module.toString(), Map.of())),
            problems);
    if (config.size("in_features") != x.width()) {
      config.reject("in_features", Long.toString(x.width()));
    }
    Weights weights =
        new Weights(graph, checkpoint.weights(module.folder()), module.folder() + ".", problems);
    Value linear =
        new Layers(graph, weights)
            .linear("linear", x, config.size("out_features"), config.flag("bias", true));
    return operators.activation(
        module.folder(), linear, config.torchActivation("activation_function"));
  }
}
