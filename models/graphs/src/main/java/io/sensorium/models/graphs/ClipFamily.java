package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CLIP (Radford et al., arXiv:2103.00020) as transformers publishes it: both towers of {@code
 * clip}, or one of them as {@code clip_vision_model} or {@code clip_text_model}.
 *
 * <p>The towers of {@code clip} give {@code image_embeds} and {@code text_embeds [n, d]} of length
 * 1, as {@code CLIPModel} does. A single tower gives what its projection makes, unscaled; without a
 * projection it gives the pooled state, scaled to length 1, then {@code last_hidden_state} and
 * {@code pooler_output}.
 */
final class ClipFamily implements Family {
  /** Both towers. */
  static final ClipFamily BOTH = new ClipFamily("clip");

  /** The vision tower alone. */
  static final ClipFamily VISION = new ClipFamily("clip_vision_model");

  /** The text tower alone. */
  static final ClipFamily TEXT = new ClipFamily("clip_text_model");

  /** The mean of the pictures that CLIP was trained on; red, green, blue. */
  static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  /** Their standard deviation. */
  static final List<Double> DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

  /** Pillow's number. */
  private static final int BICUBIC = 3;

  private static final String ACTIVATION = "quick_gelu";
  private static final double EPSILON = 1e-5;

  /** The id that configurations gave before they knew the tokenizer's. */
  private static final int LEGACY_END = 2;

  private static final Map<String, Object> VISION_DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "intermediate_size", 3072,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "image_size", 224,
          "patch_size", 32,
          "projection_dim", 512);
  private static final Map<String, Object> TEXT_DEFAULTS =
      Map.of(
          "hidden_size", 512,
          "intermediate_size", 2048,
          "num_hidden_layers", 12,
          "num_attention_heads", 8,
          "vocab_size", 49408,
          "max_position_embeddings", 77,
          "eos_token_id", 49407,
          "projection_dim", 512);

  private final String modelType;

  private ClipFamily(String modelType) {
    this.modelType = modelType;
  }

  @Override
  public String modelType() {
    return modelType;
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    TowerAuthor vision = new TowerAuthor("vision", this::vision);
    TowerAuthor text = new TowerAuthor("text", this::text);
    if (hasBoth()) {
      return List.of(vision, text);
    }
    return List.of(this == VISION ? vision : text);
  }

  private boolean hasBoth() {
    return this == BOTH;
  }

  private Draft.Tower vision(Draft draft) {
    Draft part = part(draft, "vision_config", VISION_DEFAULTS);
    EncoderShape shape = EncoderShape.read(part.config(), ACTIVATION, EPSILON);
    String prefix = part.weights().prefixOf("pre_layrnorm.weight", "vision_model.", "");
    boolean projects = projects(draft, "visual_projection");
    VisionTrunk trunk =
        new VisionTrunk(
            prefix + "embeddings.patch_embedding",
            false,
            Optional.of(prefix + "embeddings.class_embedding"),
            prefix + "embeddings.position_embedding.weight",
            Optional.of(prefix + "pre_layrnorm"),
            prefix + "encoder.layers.",
            BlockNames.CLIP);
    PatchGrid grid = PatchGrid.read(part);
    PreNormEncoder.States encoded = trunk.write(part, shape, grid, projects ? 1 : 0);
    Value states = encoded.last();
    Value first = part.operators().token(prefix + "post_layernorm", states, 0);
    Value pooled = part.layers().layerNorm(prefix + "post_layernorm", first, shape.epsilon());
    outputs(draft, part, "visual_projection", "image_embeds", states, pooled);
    encoded.declarePenultimate(part);
    return new Draft.Tower(Optional.of(Modality.IMAGE), preprocessing(grid), calibration(draft));
  }

  /** As the reference's processor is without a file: the shorter edge resized, the centre cut. */
  private static Map<String, Object> preprocessing(PatchGrid grid) {
    Map<String, Object> processor =
        new LinkedHashMap<>(grid.preprocessing("CLIPImageProcessor", BICUBIC, MEAN, DEVIATION));
    int edge = Math.max(grid.image().rows(), grid.image().columns());
    processor.put("size", Map.of("shortest_edge", edge));
    return processor;
  }

  private Draft.Tower text(Draft draft) {
    Draft part = part(draft, "text_config", TEXT_DEFAULTS);
    CheckedConfig config = part.config();
    EncoderShape shape = EncoderShape.read(config, ACTIVATION, EPSILON);
    TextTrunk.Limits limits =
        new TextTrunk.Limits(config.size("vocab_size"), config.size("max_position_embeddings"));
    String prefix = part.weights().prefixOf("final_layer_norm.weight", "text_model.", "");
    TextTrunk trunk =
        new TextTrunk(
            prefix + "embeddings.token_embedding.weight",
            prefix + "embeddings.position_embedding.weight",
            prefix + "encoder.layers.",
            BlockNames.CLIP,
            prefix + "final_layer_norm");
    GraphBuilder graph = part.graph();
    Value ids = graph.input("input_ids", ElementType.INT64, Shape.DYNAMIC, Shape.DYNAMIC);
    Value mask = graph.input("attention_mask", ElementType.INT64, Shape.DYNAMIC, Shape.DYNAMIC);
    Value states =
        trunk.write(part, shape, limits, ids, Optional.of(seen(part, ids, mask, limits.length())));
    int end = config.index("eos_token_id");
    Value position =
        end == LEGACY_END ? TextTrunk.largestId(part, ids) : TextTrunk.firstOf(part, ids, end);
    Value pooled = TextTrunk.tokenAt(part, states, position);
    outputs(draft, part, "text_projection", "text_embeds", states, pooled);
    return new Draft.Tower(
        Optional.of(Modality.TEXT), Map.of("max_length", limits.length()), calibration(draft));
  }

  /** Older files keep the whole of a part's configuration under another name as well. */
  private Draft part(Draft draft, String key, Map<String, Object> defaults) {
    if (!hasBoth()) {
      return draft.orElse(defaults);
    }
    String older = key + "_dict";
    return draft.nested(draft.config().has(older) ? older : key).orElse(defaults);
  }

  /** Each token sees itself and those before it that are not padding: {@code bool[n, 1, s, s]}. */
  private static Value seen(Draft draft, Value ids, Value mask, int length) {
    Operators operators = draft.operators();
    String layer = "attention_mask";
    Value tokens = operators.cast(layer, mask, ElementType.BOOL);
    Value columns = operators.unsqueeze(layer, operators.unsqueeze(layer, tokens, 1), 1);
    Value earlier = TextTrunk.earlierTokens(draft, ids, length);
    return draft
        .graph()
        .node("And")
        .in(columns, earlier)
        .out(layer, ElementType.BOOL, columns.shape().with(2, Shape.DYNAMIC));
  }

  private boolean projects(Draft draft, String projection) {
    return hasBoth() || draft.weights().has(projection + ".weight");
  }

  private void outputs(
      Draft whole, Draft part, String projection, String name, Value states, Value pooled) {
    GraphBuilder graph = part.graph();
    if (hasBoth()) {
      part.embed(pooled, projection, whole.config().size("projection_dim", 512), name);
    } else if (projects(part, projection)) {
      int dimension = part.config().size("projection_dim");
      graph.output(name, part.layers().linear(projection, pooled, dimension, false));
    } else {
      graph.output(name, part.operators().unitRows(name, pooled));
      graph.output("last_hidden_state", states);
      graph.output("pooler_output", pooled);
    }
  }

  private static Map<String, Object> calibration(Draft draft) {
    return ZeroShot.calibration(draft.weights(), "a photo of a {}.");
  }
}
