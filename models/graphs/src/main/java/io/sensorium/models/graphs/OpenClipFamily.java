package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CLIP as OpenCLIP publishes it: {@code open_clip_config.json} and OpenCLIP's tensor names, with
 * packed attention projections and output projections stored {@code [in, out]}.
 *
 * <p>Gives {@code image_embeds} and {@code text_embeds [n, d]} of length 1. Towers that OpenCLIP
 * borrows from elsewhere (timm, transformers, residual networks) are refused.
 */
final class OpenClipFamily implements Family {
  private static final String CONFIG = "open_clip_config.json";
  private static final String VISUAL = "visual.";
  private static final Map<String, Object> MODEL_DEFAULTS = Map.of("quick_gelu", false);
  private static final Map<String, Object> VISION_DEFAULTS =
      Map.of(
          "layers", 12,
          "width", 768,
          "head_width", 64,
          "patch_size", 16,
          "image_size", 224);
  private static final Map<String, Object> TEXT_DEFAULTS =
      Map.of(
          "layers", 12,
          "width", 512,
          "heads", 8,
          "context_length", 77,
          "vocab_size", 49408,
          "eos_id", 2);

  /** What changes the blocks' mathematics; absent, null and false say that it does not. */
  private static final List<String> VARIANTS =
      List.of(
          "timm_model_name",
          "hf_model_name",
          "attentional_pool",
          "embed_cls",
          "ls_init_value",
          "qk_norm",
          "scaled_cosine_attn",
          "scale_heads",
          "scale_attn_inner",
          "scale_attn",
          "scale_fc");

  @Override
  public String modelType() {
    return "open_clip";
  }

  /** Folders may hold the same model in both forms; the weights tell which one is to be read. */
  @Override
  public boolean recognises(CheckpointFolder checkpoint) {
    return checkpoint.file(CONFIG).isPresent()
        && checkpoint.weights().keySet().stream().anyMatch(name -> name.startsWith(VISUAL));
  }

  @Override
  public Settings config(CheckpointFolder checkpoint) {
    return checkpoint.settings(CONFIG).orElseThrow();
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(
        new TowerAuthor("vision", OpenClipFamily::vision),
        new TowerAuthor("text", OpenClipFamily::text));
  }

  private static Draft.Tower vision(Draft draft) {
    Draft model = draft.nested("model_cfg").orElse(MODEL_DEFAULTS);
    Draft part = model.nested("vision_cfg").orElse(VISION_DEFAULTS);
    CheckedConfig config = part.config();
    refuseVariants(config);
    int width = config.size("width");
    int heads = Math.max(1, width / config.size("head_width"));
    EncoderShape shape = shape(model, config, heads);
    Extent image = config.extent("image_size");
    Extent patch = config.patch("patch_size", image);
    boolean average = config.choice("pool_type", "tok", Set.of("tok", "avg")).equals("avg");
    VisionTrunk trunk =
        new VisionTrunk(
            VISUAL + "conv1",
            false,
            Optional.of(VISUAL + "class_embedding"),
            VISUAL + "positional_embedding",
            config.flag("no_ln_pre", false) ? Optional.empty() : Optional.of(VISUAL + "ln_pre"),
            VISUAL + "transformer.resblocks.",
            BlockNames.OPEN_CLIP);
    PreNormEncoder.States encoded =
        trunk.write(
            part, shape, new PatchGrid(image, image, patch, PatchGrid.RGB), average ? 0 : 1);
    Value states = encoded.last();
    boolean normLast = config.flag("final_ln_after_pool", false);
    String norm = VISUAL + "ln_post";
    Value read = normLast ? states : part.layers().layerNorm(norm, states, shape.epsilon());
    Value pooled = average ? meanOfPatches(part, read) : part.operators().token(norm, read, 0);
    Value ready = normLast ? part.layers().layerNorm(norm, pooled, shape.epsilon()) : pooled;
    embed(model, ready, VISUAL + "proj", "image_embeds");
    encoded.declarePenultimate(part);
    return new Draft.Tower(
        Optional.of(Modality.IMAGE), preprocessing(draft.config(), image), calibration(draft));
  }

  private static Draft.Tower text(Draft draft) {
    Draft model = draft.nested("model_cfg").orElse(MODEL_DEFAULTS);
    Draft part = model.nested("text_cfg").orElse(TEXT_DEFAULTS);
    CheckedConfig config = part.config();
    refuseVariants(config);
    EncoderShape shape = shape(model, config, config.size("heads"));
    TextTrunk.Limits limits =
        new TextTrunk.Limits(config.size("vocab_size"), config.size("context_length"));
    boolean causal = !config.flag("no_causal_mask", false);
    String pooling = config.choice("pool_type", "argmax", Set.of("argmax", "eos", "first", "last"));
    // Padding is not seen where every token looks back only and the last is not asked for.
    boolean padded = !causal || pooling.equals("last");
    String prefix = part.weights().prefixOf("token_embedding.weight", "", "text.");
    Value ids =
        part.graph()
            .input(
                "input_ids",
                ElementType.INT64,
                Shape.DYNAMIC,
                padded ? limits.length() : Shape.DYNAMIC);
    Optional<Value> seen =
        causal
            ? Optional.of(TextTrunk.earlierTokens(part, ids, limits.length()))
            : Optional.empty();
    Value states = textTrunk(prefix).write(part, shape, limits, ids, seen);
    Value pooled = pool(part, states, ids, pooling, limits.length());
    embed(model, pooled, prefix + "text_projection", "text_embeds");
    return new Draft.Tower(
        Optional.of(Modality.TEXT), preprocessing(config, limits), calibration(draft));
  }

  private static TextTrunk textTrunk(String prefix) {
    return new TextTrunk(
        prefix + "token_embedding.weight",
        prefix + "positional_embedding",
        prefix + "transformer.resblocks.",
        BlockNames.OPEN_CLIP,
        prefix + "ln_final");
  }

  /** OpenCLIP's own tokenizer pads with zeros, which no tokenizer's file says. */
  private static Map<String, Object> preprocessing(CheckedConfig config, TextTrunk.Limits limits) {
    Map<String, Object> preprocessing = new LinkedHashMap<>();
    preprocessing.put("max_length", limits.length());
    if (!config.has("hf_tokenizer_name")) {
      preprocessing.put("pad_token_id", 0);
    }
    return preprocessing;
  }

  private static void refuseVariants(CheckedConfig config) {
    VARIANTS.forEach(config::requireUnset);
  }

  private static EncoderShape shape(Draft model, CheckedConfig part, int heads) {
    int width = part.size("width");
    if (width % heads != 0) {
      part.reject("width", "a multiple of the %d heads".formatted(heads));
    }
    boolean tanh = part.nested("act_kwargs").text("approximate", "none").equals("tanh");
    Activation gelu = tanh ? Activation.GELU_TANH : Activation.GELU;
    return new EncoderShape(
        width,
        part.layers("layers"),
        heads,
        Math.max(1, (int) (width * part.decimal("mlp_ratio", 4))),
        model.config().flag("quick_gelu", false) ? Activation.QUICK_GELU : gelu,
        part.nested("norm_kwargs").decimal("eps", 1e-5));
  }

  private static Value meanOfPatches(Draft draft, Value states) {
    long patches = states.shape().dimension(1) - 1;
    Value behindFirst =
        draft
            .graph()
            .node("Slice")
            .in(states, draft.graph().integers(1), draft.graph().integers(1 + patches))
            .in(draft.graph().integers(1))
            .out(VISUAL + "patches", states.type(), states.shape().with(1, patches));
    return draft.operators().meanToken(VISUAL + "patches", behindFirst);
  }

  private static Value pool(Draft draft, Value states, Value ids, String pooling, int length) {
    return switch (pooling) {
      case "first" -> draft.operators().token("pooled", states, 0);
      case "last" -> draft.operators().token("pooled", states, length - 1);
      case "eos" -> {
        long end = draft.config().index("eos_id");
        yield TextTrunk.tokenAt(draft, states, TextTrunk.firstOf(draft, ids, end));
      }
      default -> TextTrunk.tokenAt(draft, states, TextTrunk.largestId(draft, ids));
    };
  }

  /** The projection is a matrix {@code [in, out]} or a linear layer with a bias. */
  private static void embed(Draft model, Value pooled, String projection, String output) {
    int dimension = model.config().size("embed_dim");
    Value projected =
        model.weights().has(projection + ".weight")
            ? model.layers().linear(projection, pooled, dimension, true)
            : model
                .operators()
                .times(
                    projection, pooled, model.weights().get(projection, pooled.width(), dimension));
    model.graph().output(output, model.operators().unitRows(output, projected));
  }

  /** {@code preprocess_cfg} with OpenCLIP's defaults. */
  private static Map<String, Object> preprocessing(CheckedConfig config, Extent image) {
    CheckedConfig declared = config.nested("preprocess_cfg");
    Map<String, Object> preprocessing = new LinkedHashMap<>();
    preprocessing.put("image_processor_type", "OpenCLIPTransform");
    preprocessing.put("size", Map.of("height", image.rows(), "width", image.columns()));
    preprocessing.put("resize_mode", declared.text("resize_mode", "shortest"));
    preprocessing.put("interpolation", declared.text("interpolation", "bicubic"));
    preprocessing.put("image_mean", declared.decimals("mean", ClipFamily.MEAN));
    preprocessing.put("image_std", declared.decimals("std", ClipFamily.DEVIATION));
    preprocessing.put("fill_color", declared.decimal("fill_color", 0));
    return preprocessing;
  }

  private static Map<String, Object> calibration(Draft draft) {
    return ZeroShot.calibration(draft.weights(), "a photo of a {}.");
  }
}
