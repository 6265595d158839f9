package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.ModelPlan.GraphPlan;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Says what a checkpoint will take before anything of it is loaded. Stateless. */
public final class ModelPlanner {
  /** Weights, gradients and Adam's two moments, four bytes each. */
  private static final long TRAINING_BYTES = 16;

  /** Blocks of 32 numbers of half a byte share a scale of four bytes. */
  private static final double INT4_BYTES = 0.5 + 4 / 32.0;

  /** The longest text that is planned for where an encoder takes longer ones. */
  private static final int LONGEST_TEXT = 512;

  /** Tokens of a prompt that a decoder reads at once. */
  private static final int PROMPT_CHUNK = 256;

  /** The longest context that is planned for where a decoder takes longer ones. */
  private static final int LONGEST_CONTEXT = 4096;

  /** Where graphs and their settings say how many tokens they read. */
  private static final List<String> LONGEST = List.of("max_length", "max_seq_length");

  private ModelPlanner() {}

  /**
   * Plans a checkpoint, also of a family that no graph can be written for; from its configuration
   * alone if there are no weights.
   *
   * @param precision of the graphs' figures
   * @param batch items in one run
   * @throws ModelLoadException if the checkpoint cannot be read, or is damaged
   */
  public static ModelPlan plan(CheckpointFolder checkpoint, Precision precision, int batch) {
    Settings config = config(checkpoint);
    boolean bare =
        checkpoint.weights().isEmpty()
            && !checkpoint.hasSentenceModules()
            && !ExportedModel.isIn(checkpoint);
    if (bare || !GraphAuthor.knows(checkpoint)) {
      return planTensors(checkpoint, config, batch);
    }
    AuthoredModel model = GraphAuthor.outline(checkpoint);
    List<GraphPlan> graphs =
        model.graphs().stream()
            .map(graph -> new GraphPlan(graph.name(), memory(graph, precision, config)))
            .toList();
    long parameters = parameters(model);
    long working = graphs.stream().mapToLong(g -> g.memory().workingBytes()).max().orElse(0);
    return plan(
        model.architecture(), config, parameters, bytes(model, parameters), batch, working, graphs);
  }

  /** The checkpoint's configuration; empty if it has none. */
  public static Settings config(CheckpointFolder checkpoint) {
    return checkpoint.settings("config.json").orElseGet(() -> Settings.of("config", Map.of()));
  }

  /** Plans a package, whose figures are known. */
  public static ModelPlan plan(
      String architecture,
      Settings config,
      long parameters,
      int batch,
      long workingBytes,
      List<GraphPlan> graphs) {
    Map<String, Long> bytes = formula(parameters);
    return plan(architecture, config, parameters, bytes, batch, workingBytes, graphs);
  }

  private static ModelPlan plan(
      String architecture,
      Settings config,
      long parameters,
      Map<String, Long> bytes,
      int batch,
      long workingBytes,
      List<GraphPlan> graphs) {
    OptionalLong estimate = ParameterEstimate.of(config).parameters();
    SequenceMemory memory = SequenceMemory.of(config);
    return new ModelPlan(
        architecture,
        parameters,
        estimate,
        bytes,
        memory.cacheBytesPerToken(),
        memory.stateBytes(),
        batch,
        batch * workingBytes,
        TRAINING_BYTES * parameters,
        graphs);
  }

  /**
   * What one graph takes.
   *
   * @param graph as authored in float32
   * @param precision that it will be stored in
   * @param config of the checkpoint
   */
  public static GraphMemory memory(AuthoredGraph graph, Precision precision, Settings config) {
    long parameters = graph.isExported() ? exported(graph) : elements(graph.weights().values());
    long widened = ElementType.FLOAT32.bytes() * parameters;
    long weightBytes =
        switch (precision) {
          case FLOAT32 -> graph.isExported() ? exportedBytes(graph) : widened;
          // CPUs widen the halves while they still hold them.
          case FLOAT16 -> widened + convertedBytes(graph, Precision.FLOAT16);
          case INT8, INT4 -> convertedBytes(graph, precision);
        };
    return new GraphMemory(parameters, weightBytes, workingBytes(graph, config));
  }

  /** Somebody else's graph may not tell the shapes of its values; then its configuration has to. */
  private static long workingBytes(AuthoredGraph graph, Settings config) {
    long longest = longestText(graph, config);
    long chunk = Math.min(PROMPT_CHUNK, longest);
    WorkingSet working =
        graph.isDecoder()
            ? new WorkingSet(graph, chunk, Math.min(LONGEST_CONTEXT, longest))
            : new WorkingSet(graph, Math.min(LONGEST_TEXT, longest));
    long tokens = working.tokens();
    return working.isKnown()
        ? working.bytes()
        : Math.max(working.bytes(), LayerEstimate.of(config, graph, tokens).bytes());
  }

  private static ModelPlan planTensors(CheckpointFolder checkpoint, Settings config, int batch) {
    OptionalLong estimate = ParameterEstimate.of(config).parameters();
    long counted = elements(checkpoint.weights().values());
    if (counted == 0 && estimate.isEmpty()) {
      throw new ModelLoadException(
          "a plan needs weights, or a config.json to estimate from; %s has neither"
              .formatted(checkpoint.path()));
    }
    long parameters = counted == 0 ? estimate.getAsLong() : counted;
    long longest = Math.min(LONGEST_TEXT, longestText(config));
    return plan(
        config.text("model_type", "unknown"),
        config,
        parameters,
        formula(parameters),
        batch,
        new LayerEstimate(config, longest).bytes(),
        List.of());
  }

  private static Map<String, Long> bytes(AuthoredModel model, long parameters) {
    Map<String, Long> bytes = formula(parameters);
    if (model.graphs().stream().noneMatch(AuthoredGraph::isExported)) {
      for (Precision precision : List.of(Precision.FLOAT16, Precision.INT8, Precision.INT4)) {
        bytes.put(precision.label(), PrecisionChange.apply(model, precision).convertedBytes());
      }
    }
    return bytes;
  }

  private static Map<String, Long> formula(long parameters) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put(Precision.FLOAT32.label(), ElementType.FLOAT32.bytes() * parameters);
    bytes.put(Precision.FLOAT16.label(), ElementType.FLOAT16.bytes() * parameters);
    bytes.put(Precision.INT8.label(), parameters);
    bytes.put(Precision.INT4.label(), Math.round(INT4_BYTES * parameters));
    return bytes;
  }

  private static long convertedBytes(AuthoredGraph graph, Precision precision) {
    if (graph.isExported()) {
      return ElementType.FLOAT32.bytes() * exported(graph);
    }
    AuthoredModel alone = new AuthoredModel(graph.name(), List.of(graph));
    return PrecisionChange.apply(alone, precision).convertedBytes();
  }

  /** Distinct stretches of the checkpoint's files: towers may share tensors. */
  private static long parameters(AuthoredModel model) {
    if (model.graphs().stream().anyMatch(AuthoredGraph::isExported)) {
      return model.graphs().stream().mapToLong(ModelPlanner::exported).sum();
    }
    return elements(
        model.graphs().stream().flatMap(graph -> graph.weights().values().stream()).toList());
  }

  private static long elements(Collection<StoredTensor> tensors) {
    record Stretch(String file, long offset, long elements) {}
    return tensors.stream()
        .map(t -> new Stretch(t.file(), t.info().offset(), t.info().shape().elements()))
        .distinct()
        .mapToLong(Stretch::elements)
        .sum();
  }

  private static long exportedBytes(AuthoredGraph graph) {
    return graph.authored().getGraph().getInitializerList().stream()
        .mapToLong(tensor -> elements(tensor) * loadedBytes(tensor))
        .sum();
  }

  /** CPUs widen halves; types that are unknown here count as float32. */
  private static int loadedBytes(OnnxMl.TensorProto tensor) {
    return OnnxTypes.of(tensor.getDataType())
        .filter(type -> type != ElementType.FLOAT16)
        .map(ElementType::bytes)
        .orElse(ElementType.FLOAT32.bytes());
  }

  private static long exported(AuthoredGraph graph) {
    return graph.authored().getGraph().getInitializerList().stream()
        .mapToLong(ModelPlanner::elements)
        .sum();
  }

  private static long elements(OnnxMl.TensorProto tensor) {
    return tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
  }

  private static long longestText(AuthoredGraph graph, Settings config) {
    return LONGEST.stream()
        .map(key -> graph.preprocessing().get(key))
        .filter(value -> value instanceof Integer number && number > 0)
        .mapToLong(value -> (Integer) value)
        .min()
        .orElseGet(() -> longestText(config));
  }

  private static long longestText(Settings config) {
    int longest =
        config.integer(
            "max_position_embeddings",
            config.integer("text_config.max_position_embeddings", LONGEST_TEXT));
    return Math.max(1, longest);
  }
}
