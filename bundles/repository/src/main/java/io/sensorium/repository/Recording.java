package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The inputs and outputs of a model's graphs in one file: {@code input.<name>} and {@code
 * output.<name>}. Valid until the file is closed.
 *
 * <p>A graph that has one input or one output may be recorded under its own name instead, as
 * ImageBind's trunks are. Where a recording has {@code input_ids} alone, every token is seen and of
 * the first type, as the reference implementations take it.
 *
 * @param file open
 */
record Recording(SafetensorsFile file) {
  private static final String INPUT = "input.";
  private static final String OUTPUT = "output.";
  private static final String IDS = INPUT + "input_ids";

  /** Caches of keys and values, {@code [sequences, heads, length, channels]}. */
  private static final String PAST = "past_key_values.";

  private static final int LENGTH_AXIS = 2;

  /** What goes without saying of every token. */
  private static final Map<String, Long> IMPLIED =
      Map.of("attention_mask", 1L, "token_type_ids", 0L);

  /** The names of all recorded outputs; the set is the caller's. */
  Set<String> outputs() {
    Set<String> outputs = new TreeSet<>();
    for (String name : file.names()) {
      if (name.startsWith(OUTPUT)) {
        outputs.add(name.substring(OUTPUT.length()));
      }
    }
    return outputs;
  }

  Tensor output(String name) {
    return file.tensor(OUTPUT + name);
  }

  /**
   * The graphs that can be run on what is recorded.
   *
   * @throws ModelLoadException if there is none, naming what is missing
   */
  List<ModelGraph> recorded(List<ModelGraph> graphs) {
    List<ModelGraph> recorded =
        graphs.stream()
            .filter(
                graph ->
                    graph.manifest().inputs().stream()
                        .allMatch(spec -> input(graph, spec).isPresent()))
            .toList();
    if (recorded.isEmpty()) {
      throw new ModelLoadException(
          "a recording must hold every input.<name> of %s; got %s in %s"
              .formatted(required(graphs), file.names(), file.path()));
    }
    return recorded;
  }

  private static List<String> required(List<ModelGraph> graphs) {
    return graphs.stream()
        .map(
            graph ->
                "%s: %s"
                    .formatted(
                        graph,
                        graph.manifest().inputs().stream()
                            .map(spec -> "'%s' %s".formatted(spec.name(), spec.signature()))
                            .toList()))
        .toList();
  }

  Map<String, Tensor> inputsOf(ModelGraph graph) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (TensorSpec spec : graph.manifest().inputs()) {
      inputs.put(spec.name(), withClips(spec, input(graph, spec).orElseThrow()));
    }
    return inputs;
  }

  private Optional<Tensor> input(ModelGraph graph, TensorSpec spec) {
    String name = inputName(graph, spec);
    if (file.contains(name)) {
      return Optional.of(file.tensor(name));
    }
    if (!file.contains(IDS)) {
      return Optional.empty();
    }
    Shape tokens = file.tensor(IDS).shape();
    if (spec.name().startsWith(PAST)) {
      return Optional.of(nothing(spec, tokens.dimension(0)));
    }
    return Optional.ofNullable(IMPLIED.get(spec.name())).map(value -> filled(tokens, value));
  }

  /** What a decoder remembers before the first token. */
  private static Tensor nothing(TensorSpec past, long sequences) {
    return Tensor.allocate(past.type(), past.shape().with(0, sequences).with(LENGTH_AXIS, 0));
  }

  private static Tensor filled(Shape shape, long value) {
    long[] values = new long[(int) shape.elements()];
    Arrays.fill(values, value);
    return Tensor.ofLongs(shape, values);
  }

  /** Items that consist of one clip each may be recorded without the axis of clips. */
  private static Tensor withClips(TensorSpec spec, Tensor tensor) {
    int rank = spec.shape().rank();
    if (tensor.shape().rank() + 1 != rank
        || rank < 2
        || spec.shape().dimension(1) != Shape.DYNAMIC) {
      return tensor;
    }
    long[] shape = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      shape[axis] = axis == 1 ? 1 : tensor.shape().dimension(Math.max(axis - 1, 0));
    }
    return Tensor.of(tensor.type(), Shape.of(shape), tensor.data());
  }

  private String inputName(ModelGraph graph, TensorSpec spec) {
    return recordedName(INPUT, graph, graph.manifest().inputs(), spec);
  }

  /** From recorded names to the graph's outputs, for those that are recorded. */
  Map<String, String> outputsOf(ModelGraph graph) {
    Map<String, String> outputs = new LinkedHashMap<>();
    List<TensorSpec> specs = graph.manifest().outputs();
    for (TensorSpec spec : specs) {
      String name = recordedName(OUTPUT, graph, specs, spec);
      if (file.contains(name)) {
        outputs.put(name.substring(OUTPUT.length()), spec.name());
      }
    }
    return outputs;
  }

  /** The only input and the first output may bear the graph's name. */
  private String recordedName(
      String kind, ModelGraph graph, List<TensorSpec> specs, TensorSpec spec) {
    boolean main = kind.equals(INPUT) ? specs.size() == 1 : spec.equals(specs.getFirst());
    boolean named = main && !file.contains(kind + spec.name());
    return kind + (named ? graph.manifest().name() : spec.name());
  }
}
