package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DINOv2, {@code dinov2} (Oquab et al., arXiv:2304.07193), and its variant with register tokens,
 * {@code dinov2_with_registers} (Darcet et al., arXiv:2309.16588): a ViT with layer scale and, in
 * the largest size, gated feed-forward layers.
 *
 * <p>Outputs {@code image_embeds}, the class token scaled to length 1, {@code last_hidden_state}
 * and {@code pooler_output}, the class token as it is. A mask token and a classifier stay unused.
 */
final class Dinov2Family implements Family {
  static final Dinov2Family PLAIN =
      new Dinov2Family("dinov2", PositionTable.Filter.BICUBIC, Optional.empty());
  static final Dinov2Family WITH_REGISTERS =
      new Dinov2Family(
          "dinov2_with_registers",
          PositionTable.Filter.BICUBIC_ANTIALIASED,
          Optional.of("register_tokens"));

  private static final int BICUBIC = 3;
  private static final double RESIZE_OVER_CROP = 256.0 / 224;
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);
  private static final PreNormEncoder.LayerScale LAYER_SCALE =
      new PreNormEncoder.LayerScale("layer_scale1.lambda1", "layer_scale2.lambda1");

  private final String modelType;
  private final PositionTable.Filter filter;
  private final Optional<String> registers;

  private Dinov2Family(String modelType, PositionTable.Filter filter, Optional<String> registers) {
    this.modelType = modelType;
    this.filter = filter;
    this.registers = registers;
  }

  @Override
  public String modelType() {
    return modelType;
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("vision", this::write));
  }

  private Draft.Tower write(Draft draft) {
    CheckedConfig config = draft.config();
    boolean gated = config.flag("use_swiglu_ffn", false);
    EncoderShape shape = shape(config, gated);
    PatchGrid grid = PatchGrid.read(draft);
    String prefix = draft.weights().prefixOf("embeddings.cls_token", "", modelType + ".");

    Value x = tokens(draft, prefix + "embeddings.", grid, shape.width());
    boolean biased = config.flag("qkv_bias", true);
    BlockNames names = gated ? BlockNames.DINOV2_GATED : BlockNames.DINOV2;
    PreNormEncoder.States encoded =
        new PreNormEncoder(shape, names, biased, biased, Optional.of(LAYER_SCALE), gated)
            .states(draft, x, prefix + "encoder.layer.", x.shape().dimension(1));
    Value states = draft.layers().layerNorm(prefix + "layernorm", encoded.last(), shape.epsilon());
    Value first = draft.operators().token(prefix + "layernorm", states, 0);
    draft.graph().output("image_embeds", draft.operators().unitRows("image_embeds", first));
    draft.graph().output("last_hidden_state", states);
    draft.graph().output("pooler_output", first);
    encoded.declarePenultimate(draft);
    return new Draft.Tower(
        grid.isRgb() ? Optional.of(Modality.IMAGE) : Optional.empty(),
        preprocessing(grid),
        Map.of());
  }

  /** The gated layers keep two thirds of the inner width, rounded up to a multiple of 8. */
  private static EncoderShape shape(CheckedConfig config, boolean gated) {
    int inner = (int) (config.size("hidden_size") * config.decimal("mlp_ratio", 4));
    if (inner < 1) {
      config.reject("mlp_ratio", "positive");
      inner = 1;
    }
    if (!gated) {
      return EncoderShape.read(config, inner, "gelu", 1e-6);
    }
    int rounded = ((int) (inner * 2.0 / 3) + 7) / 8 * 8;
    return EncoderShape.read(config, rounded, "gelu", 1e-6).withActivation(Activation.SILU);
  }

  /** Registers come after the class token and have no positions. */
  private Value tokens(Draft draft, String embeddings, PatchGrid grid, int width) {
    Operators operators = draft.operators();
    Weights weights = draft.weights();
    Value patches = grid.patches(draft, embeddings + "patch_embeddings.projection", width, true);
    Value classToken = weights.get(embeddings + "cls_token", 1, 1, width);
    PositionTable table = grid.positions(1, filter);
    Value positions =
        table.write(
            draft, embeddings + "position_embeddings", grid.cells(), 1, table.rows(), width);
    String layer = embeddings + "tokens";
    if (registers.isEmpty()) {
      return draft.withSpecialTokens(layer, classToken, patches, positions);
    }
    int count = draft.config().size("num_register_tokens", 4);
    Value placedClass = operators.add(layer, classToken, operators.tokens(layer, positions, 0, 1));
    Value special =
        operators.concat(
            layer, 1, placedClass, weights.get(embeddings + registers.get(), 1, count, width));
    Value placedPatches =
        operators.add(
            layer, patches, operators.tokens(layer, positions, 1, 1 + grid.cells().area()));
    return operators.concat(
        layer, 1, operators.repeatForBatch(layer, special, patches), placedPatches);
  }

  private static Map<String, Object> preprocessing(PatchGrid grid) {
    Map<String, Object> processor =
        new HashMap<>(
            grid.preprocessing("BitImageProcessor", BICUBIC, IMAGENET_MEAN, IMAGENET_DEVIATION));
    int edge = Math.max(grid.image().rows(), grid.image().columns());
    processor.put("size", Map.of("shortest_edge", (int) (edge * RESIZE_OVER_CROP)));
    return processor;
  }
}
