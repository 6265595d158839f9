package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Vision Transformer, {@code vit} (Dosovitskiy et al., arXiv:2010.11929).
 *
 * <p>With {@code projection_dim} and {@code visual_projection.weight} the class token becomes
 * {@code image_embeds}, as in CLIP; otherwise the graph gives {@code last_hidden_state} and, if
 * there is a pooler, {@code pooler_output}.
 */
final class VitFamily implements Family {
  private static final String PROJECTION = "visual_projection";

  @Override
  public String modelType() {
    return "vit";
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("vision", VitFamily::write));
  }

  private static Draft.Tower write(Draft draft) {
    CheckedConfig config = draft.config();
    Weights weights = draft.weights();
    Layers layers = draft.layers();
    EncoderShape shape = EncoderShape.read(config, "gelu", 1e-12);
    Extent learned = config.extent("image_size");
    Extent image = ImageResolution.wanted(draft.checkpoint(), learned);
    Extent patch = config.patch("patch_size", learned, image);
    Extent grid = image.windows(patch, patch);
    PositionTable table =
        new PositionTable(1, learned.windows(patch, patch), PositionTable.Filter.BICUBIC);
    long tokens = 1 + grid.area();
    boolean embeds = config.has("projection_dim") || weights.has(PROJECTION + ".weight");
    String prefix = weights.prefixOf("embeddings.cls_token", "", "vit.");
    String embeddings = prefix + "embeddings.";

    Value pixels =
        draft
            .graph()
            .input(
                "pixel_values",
                ElementType.FLOAT32,
                Shape.DYNAMIC,
                config.size("num_channels", 3),
                image.rows(),
                image.columns());
    Value patches =
        layers.patches(
            embeddings + "patch_embeddings.projection", pixels, shape.width(), patch, patch, true);
    Value classToken = weights.get(embeddings + "cls_token", 1, 1, shape.width());
    Value positions =
        table.write(
            draft, embeddings + "position_embeddings", grid, 1, table.rows(), shape.width());
    Value x = draft.withSpecialTokens(embeddings + "tokens", classToken, patches, positions);

    Value encoded =
        new PreNormEncoder(shape, BlockNames.VIT, config.flag("qkv_bias", true))
            .write(draft, x, prefix + "encoder.layer.", embeds ? 1 : tokens);
    Value states = layers.layerNorm(prefix + "layernorm", encoded, shape.epsilon());
    Value first = draft.operators().token(prefix + "layernorm", states, 0);
    if (embeds) {
      draft.embed(first, PROJECTION, config.size("projection_dim"), "image_embeds");
    } else {
      draft.graph().output("last_hidden_state", states);
      writePooler(draft, prefix + "pooler.dense", first);
    }
    return embeds
        ? Draft.Tower.of(Modality.IMAGE)
        : new Draft.Tower(Optional.empty(), Map.of(), Map.of());
  }

  private static void writePooler(Draft draft, String name, Value first) {
    if (draft.weights().has(name + ".weight")) {
      Value dense = draft.layers().linear(name, first, first.width(), true);
      Activation activation = draft.config().activation("pooler_act", "tanh");
      draft.graph().output("pooler_output", draft.operators().activation(name, dense, activation));
    }
  }
}
