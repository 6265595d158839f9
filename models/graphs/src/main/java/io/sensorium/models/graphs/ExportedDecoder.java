package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A decoder that somebody exported, in Optimum's layout or in onnxruntime-genai's, whose {@code
 * genai_config.json} says the sizes. Its nodes and weights stay as they are. Used once.
 */
final class ExportedDecoder {
  private static final String GENAI = "genai_config.json";
  private static final String PAST = "past_key_values.";
  private static final String PRESENT = "present.";
  private static final String LOGITS = "logits";

  /** What a run can give; {@code position_ids} and {@code use_cache_branch} where they are read. */
  private static final List<String> GIVEN =
      List.of("input_ids", "attention_mask", "position_ids", "use_cache_branch");

  private final CheckpointFolder checkpoint;
  private final OnnxExport export;
  private final Problems problems = new Problems();
  private final Settings genai;
  private final Settings config;

  ExportedDecoder(CheckpointFolder checkpoint, OnnxExport export) {
    this.checkpoint = checkpoint;
    this.export = export;
    this.genai = checkpoint.settings(GENAI).orElseGet(() -> Settings.of(GENAI, Map.of()));
    this.config =
        checkpoint.settings("config.json").orElseGet(() -> Settings.of("config.json", Map.of()));
  }

  /** The file that {@code genai_config.json} names, if there is one. */
  static Optional<String> fileOf(CheckpointFolder checkpoint) {
    return checkpoint
        .settings(GENAI)
        .map(settings -> settings.text("model.decoder.filename", "model.onnx"))
        .filter(name -> checkpoint.file(name).isPresent());
  }

  /** Answers whether an export continues a text. */
  static boolean isOne(OnnxExport export) {
    return export.outputNames().contains(LOGITS)
        && export.inputs().stream().anyMatch(input -> input.name().startsWith(PAST));
  }

  AuthoredModel author() {
    Map<String, Shape> shapes = new HashMap<>();
    for (TensorSpec input : export.inputs()) {
      if (input.name().startsWith(PAST)) {
        shapes.put(input.name(), cache());
      } else if (!GIVEN.contains(input.name())) {
        problems.add("%s reads '%s', which no text gives".formatted(export.path(), input.name()));
      }
    }
    GraphBuilder graph = export.extend(shapes);
    keepLogits(graph);
    graph.inputs().stream()
        .filter(input -> input.name().startsWith(PAST))
        .toList()
        .forEach(input -> keepPresent(graph, input));
    int context = size("max_position_embeddings", "model.context_length", "n_positions");
    if (context < 1) {
      problems.add("config.json or %s must say the longest context".formatted(GENAI));
    }
    problems.throwIfAny("the ONNX export " + checkpoint.path());
    Draft.Tower tower =
        new Draft.Tower(
            Optional.empty(),
            Map.of("max_length", context, "past_present_share_buffer", sharesBuffers()),
            Map.of());
    String family = genai.text("model.type", config.text("model_type", "onnx"));
    return new AuthoredModel(family, List.of(new AuthoredGraph("decoder", graph, tower)));
  }

  private void keepLogits(GraphBuilder graph) {
    Optional<Value> logits = export.output(LOGITS, 3);
    if (logits.isEmpty()) {
      problems.add("%s must give logits float32[n,s,vocabulary]".formatted(export.path()));
      return;
    }
    Value value = logits.get();
    long known = value.width() > 0 ? value.width() : size("vocab_size", "model.vocab_size");
    graph.keepOutput(new Value(value.name(), value.type(), value.withWidth(known)));
  }

  private void keepPresent(GraphBuilder graph, TensorSpec past) {
    String name = PRESENT + past.name().substring(PAST.length());
    if (past.shape().rank() != 4 || !export.outputNames().contains(name)) {
      problems.add(
          "'%s' must be [n,heads,length,channels] and go on in '%s'; got %s and the outputs %s"
              .formatted(past.name(), name, past.shape(), export.outputNames()));
      return;
    }
    graph.keepOutput(new Value(name, past.type(), past.shape()), "total_sequence_length");
  }

  /** Only GroupQueryAttention writes into its past, and genai says whether it may. */
  private boolean sharesBuffers() {
    return export.uses("GroupQueryAttention")
        && genai.flag("search.past_present_share_buffer", true);
  }

  private Shape cache() {
    int heads = size("num_attention_heads", "model.decoder.num_attention_heads", "n_head");
    int shared = size("num_key_value_heads", "model.decoder.num_key_value_heads");
    int width = size("hidden_size", "model.decoder.hidden_size", "n_embd");
    int channels = size("head_dim", "model.decoder.head_size");
    boolean divides = heads > 0 && width > 0;
    return Shape.of(
        Shape.DYNAMIC,
        shared > 0 ? shared : heads,
        Shape.DYNAMIC,
        channels > 0 || !divides ? channels : width / heads);
  }

  /** By genai's name first, then by the configuration's; {@link Shape#DYNAMIC} if nobody says. */
  private int size(String key, String genaiKey, String... otherKeys) {
    int found = genai.integer(genaiKey, config.integer(key, (int) Shape.DYNAMIC));
    for (String other : otherKeys) {
      found = found > 0 ? found : config.integer(other, (int) Shape.DYNAMIC);
    }
    return found;
  }
}
