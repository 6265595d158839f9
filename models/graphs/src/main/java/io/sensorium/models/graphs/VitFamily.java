package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Vision Transformer, {@code vit} (Dosovitskiy et al., arXiv:2010.11929).
 *
 * <p>With {@code projection_dim} and {@code visual_projection.weight} the class token is projected
 * to {@code image_embeds}, as in CLIP. Otherwise {@code image_embeds} is the class token itself,
 * scaled to length 1, and {@code last_hidden_state} and, if there is a pooler, {@code
 * pooler_output} follow. Last comes {@code penultimate_hidden_state}, the tokens that the last
 * block reads. A classifier stays unused.
 */
final class VitFamily implements Family {
  private static final String PROJECTION = "visual_projection";
  private static final int BILINEAR = 2;
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

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
    EncoderShape shape = EncoderShape.read(config, "gelu", 1e-12);
    PatchGrid grid = PatchGrid.read(draft);
    boolean projects = config.has("projection_dim") || weights.has(PROJECTION + ".weight");
    String prefix = weights.prefixOf("embeddings.cls_token", "", "vit.");

    Value x = tokens(draft, prefix + "embeddings.", grid, shape.width());
    long kept = projects ? 1 : x.shape().dimension(1);
    PreNormEncoder.States encoded =
        new PreNormEncoder(shape, BlockNames.VIT, config.flag("qkv_bias", true))
            .states(draft, x, prefix + "encoder.layer.", kept);
    Value states = draft.layers().layerNorm(prefix + "layernorm", encoded.last(), shape.epsilon());
    Value first = draft.operators().token(prefix + "layernorm", states, 0);
    if (projects) {
      draft.embed(first, PROJECTION, config.size("projection_dim"), "image_embeds");
    } else {
      draft.graph().output("image_embeds", draft.operators().unitRows("image_embeds", first));
      draft.graph().output("last_hidden_state", states);
      writePooler(draft, prefix + "pooler.dense", first);
    }
    encoded.declarePenultimate(draft);
    return new Draft.Tower(
        grid.isRgb() ? Optional.of(Modality.IMAGE) : Optional.empty(),
        grid.preprocessing("ViTImageProcessor", BILINEAR, HALF, HALF),
        Map.of());
  }

  private static Value tokens(Draft draft, String embeddings, PatchGrid grid, int width) {
    Value patches = grid.patches(draft, embeddings + "patch_embeddings.projection", width, true);
    Value classToken = draft.weights().get(embeddings + "cls_token", 1, 1, width);
    PositionTable table = grid.positions(1, PositionTable.Filter.BICUBIC);
    Value positions =
        table.write(
            draft, embeddings + "position_embeddings", grid.cells(), 1, table.rows(), width);
    return draft.withSpecialTokens(embeddings + "tokens", classToken, patches, positions);
  }

  private static void writePooler(Draft draft, String name, Value first) {
    if (draft.weights().has(name + ".weight")) {
      int width = draft.config().size("pooler_output_size", (int) first.width());
      Value dense = draft.layers().linear(name, first, width, true);
      Activation activation = draft.config().activation("pooler_act", "tanh");
      draft.graph().output("pooler_output", draft.operators().activation(name, dense, activation));
    }
  }
}
