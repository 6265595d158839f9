package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SentenceModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Sentence-Transformers model: its transformer and what {@code modules.json} lists after it
 * (Reimers and Gurevych, arXiv:1908.10084).
 *
 * <p>Gives {@code sentence_embedding [n, dimension]}, of length 1 only where a Normalize module
 * makes it so. Where the pooling leaves out a prompt, the graph has an input {@code prompt_length
 * int64[n, 1]}: how many tokens at the beginning are the prompt's.
 */
final class SentenceGraph {
  static final String OUTPUT = "sentence_embedding";
  private static final String PROMPT_LENGTH = "prompt_length";

  /** Torch's own. */
  private static final double LAYER_NORM_EPSILON = 1e-5;

  private final CheckpointFolder checkpoint;
  private final GraphBuilder graph;
  private final Operators operators;
  private final Problems problems;

  private SentenceGraph(CheckpointFolder checkpoint, GraphBuilder graph, Problems problems) {
    this.checkpoint = checkpoint;
    this.graph = graph;
    this.operators = new Operators(graph);
    this.problems = problems;
  }

  static AuthoredModel author(CheckpointFolder checkpoint) {
    List<SentenceModule> modules = checkpoint.sentenceModules();
    if (modules.isEmpty() || !modules.getFirst().kind().equals("Transformer")) {
      throw new ModelLoadException(
          "modules.json in %s must begin with a Transformer; got %s"
              .formatted(checkpoint.path(), modules));
    }
    Problems problems = new Problems();
    List<SentenceModule> head = modules.subList(1, modules.size());
    SentenceTrunk trunk =
        SentenceTrunk.write(checkpoint, modules.getFirst(), keptTokens(checkpoint, head), problems);
    SentenceGraph sentence = new SentenceGraph(checkpoint, trunk.graph(), problems);
    if (trunk.embedding().isPresent()) {
      trunk.graph().keepOutput(trunk.embedding().get());
    } else {
      trunk.graph().output(OUTPUT, sentence.append(trunk, head));
    }
    problems.throwIfAny("the sentence transformer " + checkpoint.path());
    Draft.Tower tower =
        new Draft.Tower(
            Optional.of(Modality.TEXT),
            preprocessing(checkpoint, trunk.settings()),
            trunk.calibration());
    return new AuthoredModel(
        trunk.architecture(), List.of(new AuthoredGraph("text", trunk.graph(), tower)));
  }

  /** How many of the first tokens the head reads, 0 for all. */
  private static long keptTokens(CheckpointFolder checkpoint, List<SentenceModule> head) {
    boolean first =
        !head.isEmpty()
            && head.getFirst().kind().equals("Pooling")
            && pooling(checkpoint, head.getFirst()).readsFirstTokenOnly();
    return first ? 1 : 0;
  }

  private static Map<String, Object> preprocessing(
      CheckpointFolder checkpoint, Map<String, Object> settings) {
    Map<String, Object> preprocessing = new HashMap<>(settings);
    checkpoint
        .settings("sentence_bert_config.json")
        .flatMap(config -> config.find("max_seq_length"))
        .ifPresent(tokens -> preprocessing.put("max_seq_length", tokens));
    checkpoint
        .settings("config_sentence_transformers.json")
        .ifPresent(
            config -> {
              for (String key : List.of("prompts", "default_prompt_name")) {
                config.find(key).ifPresent(value -> preprocessing.put(key, value));
              }
            });
    return preprocessing;
  }

  private Value append(SentenceTrunk trunk, List<SentenceModule> modules) {
    Value x = trunk.states();
    for (SentenceModule module : modules) {
      x =
          switch (module.kind()) {
            case "Pooling" -> pool(module, x, trunk);
            case "Dense" -> dense(module, x);
            case "Normalize" -> operators.unitRows(module.folder(), x);
            case "LayerNorm" ->
                new Layers(graph, weights(module)).layerNorm("norm", x, LAYER_NORM_EPSILON);
            case "Dropout" -> x;
            default -> {
              problems.add("module %s is not supported".formatted(module));
              yield x;
            }
          };
    }
    if (x.shape().rank() != 2) {
      problems.add("modules.json must list a Pooling module");
    }
    return x;
  }

  private static SentencePooling pooling(CheckpointFolder checkpoint, SentenceModule module) {
    return SentencePooling.read(settings(checkpoint, module));
  }

  private static Settings settings(CheckpointFolder checkpoint, SentenceModule module) {
    return checkpoint
        .settings(module.file("config.json"))
        .orElseGet(() -> Settings.of(module.toString(), Map.of()));
  }

  private Value pool(SentenceModule module, Value x, SentenceTrunk trunk) {
    if (x.shape().rank() != 3) {
      problems.add("%s must come before what makes one vector".formatted(module));
      return x;
    }
    SentencePooling pooling = pooling(checkpoint, module);
    if (pooling.readsFirstTokenOnly()) {
      return operators.token(module.folder(), x, 0);
    }
    if (trunk.mask().isEmpty()) {
      problems.add("the exported transformer must have an input 'attention_mask'");
      return operators.token(module.folder(), x, 0);
    }
    Value mask = trunk.mask().get();
    Value pooled = pooling.includesPrompt() ? mask : behindPrompt(module.folder(), mask);
    return pooling.write(graph, module.folder(), x, pooled, problems);
  }

  /** The mask without the prompt's tokens. */
  private Value behindPrompt(String layer, Value mask) {
    Value length = graph.input(PROMPT_LENGTH, ElementType.INT64, Shape.DYNAMIC, 1);
    Value counted = operators.runningSum(layer, mask, 1);
    Value behind =
        graph.node("Greater").in(counted, length).out(layer, ElementType.BOOL, mask.shape());
    return operators.multiply(layer, mask, operators.cast(layer, behind, ElementType.INT64));
  }

  private Value dense(SentenceModule module, Value x) {
    CheckedConfig config = new CheckedConfig(settings(checkpoint, module), problems);
    if (config.size("in_features") != x.width()) {
      config.reject("in_features", Long.toString(x.width()));
    }
    for (String key : List.of("module_input_name", "module_output_name")) {
      if (!config.text(key, OUTPUT).equals(OUTPUT)) {
        config.reject(key, OUTPUT);
      }
    }
    int width = config.size("out_features");
    Layers layers = new Layers(graph, weights(module));
    Value linear = layers.linear("linear", x, width, config.flag("bias", true));
    Value active =
        operators.activation(
            module.folder(), linear, config.torchActivation("activation_function"));
    if (!config.flag("use_residual", false)) {
      return active;
    }
    Value residual = width == x.width() ? x : layers.linear("residual", x, width, false);
    return operators.add(module.folder(), active, residual);
  }

  private Weights weights(SentenceModule module) {
    return new Weights(graph, checkpoint.weights(module.folder()), module.folder() + ".", problems);
  }
}
