package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SigLIP, {@code siglip} (Zhai et al., arXiv:2303.15343), and SigLIP 2 of fixed resolution, which
 * is published under the same name.
 *
 * <p>Gives {@code image_embeds} and {@code text_embeds [n, d]} of length 1. Text is padded to the
 * full length without a mask, and the last token, padding or not, is the text's.
 */
final class SiglipFamily implements Family {
  /** Counted from the end. */
  private static final int LAST = -1;

  /** Pillow's number. */
  private static final int BICUBIC = 3;

  private static final String ACTIVATION = "gelu_pytorch_tanh";
  private static final double EPSILON = 1e-6;
  private static final String ANY_RESOLUTION = "siglip2";

  private static final Map<String, Object> VISION_DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "intermediate_size", 3072,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "image_size", 224,
          "patch_size", 16);
  private static final Map<String, Object> TEXT_DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "intermediate_size", 3072,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "vocab_size", 32000,
          "max_position_embeddings", 64);

  @Override
  public String modelType() {
    return "siglip";
  }

  @Override
  public boolean recognises(CheckpointFolder checkpoint) {
    return Family.super.recognises(checkpoint) || isOfAnyResolution(checkpoint);
  }

  private static boolean isOfAnyResolution(CheckpointFolder checkpoint) {
    return checkpoint
        .settings("config.json")
        .filter(config -> config.text("model_type", "").equals(ANY_RESOLUTION))
        .isPresent();
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    if (isOfAnyResolution(checkpoint)) {
      throw new ModelLoadException(
          "model_type must be 'siglip', SigLIP 2 of fixed resolution included; got '%s', which reads"
                  .formatted(ANY_RESOLUTION)
              + " pictures of any resolution (NaFlex), in %s".formatted(checkpoint.path()));
    }
    return List.of(
        new TowerAuthor("vision", SiglipFamily::vision),
        new TowerAuthor("text", SiglipFamily::text));
  }

  private static Draft.Tower vision(Draft draft) {
    Draft part = draft.nested("vision_config").orElse(VISION_DEFAULTS);
    if (!part.config().flag("vision_use_head", true)) {
      part.config().reject("vision_use_head", "true");
    }
    EncoderShape shape = EncoderShape.read(part.config(), ACTIVATION, EPSILON);
    VisionTrunk trunk =
        new VisionTrunk(
            "vision_model.embeddings.patch_embedding",
            true,
            Optional.empty(),
            "vision_model.embeddings.position_embedding.weight",
            Optional.empty(),
            "vision_model.encoder.layers.",
            BlockNames.CLIP);
    PatchGrid grid = PatchGrid.read(part);
    PreNormEncoder.States encoded = trunk.write(part, shape, grid, 0);
    Value states =
        part.layers().layerNorm("vision_model.post_layernorm", encoded.last(), shape.epsilon());
    Value pooled = pool(part, shape, states);
    part.graph().output("image_embeds", part.operators().unitRows("image_embeds", pooled));
    encoded.declarePenultimate(part);
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return new Draft.Tower(
        Optional.of(Modality.IMAGE),
        grid.preprocessing("SiglipImageProcessor", BICUBIC, half, half),
        calibration(draft));
  }

  /** A learned probe attends to all patches: {@code [n, s, d]} to {@code [n, d]}. */
  private static Value pool(Draft draft, EncoderShape shape, Value states) {
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    String head = "vision_model.head.";
    String packed = head + "attention.in_proj";
    int width = shape.width();
    Value probe = draft.weights().get(head + "probe", 1, 1, width);
    Value asking = operators.repeatForBatch(head + "probe", probe, states);
    Value query = layers.packedLinear(packed, 0, asking, width);
    Value key = layers.packedLinear(packed, 1, states, width);
    Value value = layers.packedLinear(packed, 2, states, width);
    String out = head + "attention.out_proj";
    Value attended = layers.attention(out, query, key, value, shape.heads());
    Value mixed = layers.linear(out, attended, width, true);
    Value normed = layers.layerNorm(head + "layernorm", mixed, shape.epsilon());
    Value up = layers.linear(head + "mlp.fc1", normed, shape.inner(), true);
    Value active = operators.activation(head + "mlp.fc1", up, shape.activation());
    Value down = layers.linear(head + "mlp.fc2", active, width, true);
    return operators.token(head, operators.add(head + "residual", down, mixed), 0);
  }

  private static Draft.Tower text(Draft draft) {
    Draft part = draft.nested("text_config").orElse(TEXT_DEFAULTS);
    CheckedConfig config = part.config();
    EncoderShape shape = EncoderShape.read(config, ACTIVATION, EPSILON);
    TextTrunk.Limits limits =
        new TextTrunk.Limits(config.size("vocab_size"), config.size("max_position_embeddings"));
    TextTrunk trunk =
        new TextTrunk(
            "text_model.embeddings.token_embedding.weight",
            "text_model.embeddings.position_embedding.weight",
            "text_model.encoder.layers.",
            BlockNames.CLIP,
            "text_model.final_layer_norm");
    Value ids = part.graph().input("input_ids", ElementType.INT64, Shape.DYNAMIC, Shape.DYNAMIC);
    Value states = trunk.write(part, shape, limits, ids, Optional.empty());
    Value last = part.operators().token("text_model.head", states, LAST);
    int dimension = config.size("projection_size", shape.width());
    Value projected = part.layers().linear("text_model.head", last, dimension, true);
    part.graph().output("text_embeds", part.operators().unitRows("text_embeds", projected));
    Map<String, Object> preprocessing = new LinkedHashMap<>();
    preprocessing.put("max_length", limits.length());
    preprocessing.put("padding", "max_length");
    cleaning(draft.checkpoint()).ifPresent(name -> preprocessing.put(name, true));
    return new Draft.Tower(Optional.of(Modality.TEXT), preprocessing, calibration(draft));
  }

  /** What the tokenizer's class does to text that its {@code tokenizer.json} may not say. */
  private static Optional<String> cleaning(CheckpointFolder checkpoint) {
    return checkpoint
        .settings("tokenizer_config.json")
        .map(config -> config.text("tokenizer_class", "").replaceFirst("Fast$", ""))
        .map(
            name ->
                switch (name) {
                  case "SiglipTokenizer" -> "canonicalize_text";
                  case "Siglip2Tokenizer" -> "do_lower_case";
                  default -> null;
                });
  }

  private static Map<String, Object> calibration(Draft draft) {
    return ZeroShot.calibration(draft.weights(), "this is a photo of {}.");
  }
}
