package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Q-Former of BLIP-2's checkpoints, {@code blip-2} (Li et al., arXiv:2301.12597), with the
 * linear layer that widens its queries, as a projection adapter of the kind {@code query}. Vision
 * tower and language model are packages of their own, named as for {@link LlavaProjectorFamily}.
 *
 * <p>InstructBLIP's Q-Former reads the question beside the picture (Dai et al., arXiv:2305.06500),
 * which adapters do not see; it is recognised only to be refused with that reason.
 */
final class Blip2ProjectorFamily implements Family {
  private static final Set<String> WITH_QUESTION = Set.of("instructblip", "instructblipvideo");

  private static final Map<String, Object> VISION_DEFAULTS =
      Map.of("hidden_size", 1408, "image_size", 224, "patch_size", 14);
  private static final Map<String, Object> QUERY_DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "intermediate_size", 3072,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "cross_attention_frequency", 2);
  private static final Map<String, Object> DECLARED =
      Map.of(
          "kind",
          ProjectionShape.QUERY,
          "modality",
          "image",
          "feature_output",
          "last_hidden_state",
          "num_query_tokens",
          32);

  @Override
  public String modelType() {
    return "blip-2";
  }

  @Override
  public boolean recognises(CheckpointFolder checkpoint) {
    return checkpoint
        .settings("config.json")
        .map(config -> config.text("model_type", ""))
        .filter(type -> type.equals(modelType()) || WITH_QUESTION.contains(type))
        .isPresent();
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("projection", Blip2ProjectorFamily::write));
  }

  private static Draft.Tower write(Draft draft) {
    CheckedConfig blip = draft.config();
    CheckedConfig queries = blip.nested("qformer_config").orElse(QUERY_DEFAULTS);
    if (WITH_QUESTION.contains(blip.text("model_type", ""))) {
      blip.reject("model_type", "blip-2: a Q-Former that reads the question too is not supported");
      return new Draft.Tower(Optional.empty(), Map.of(), Map.of());
    }
    if (queries.flag("use_qformer_text_input", false)) {
      queries.reject("use_qformer_text_input", "false: texts are not supported");
    }
    CheckedConfig config =
        blip.orElse(DECLARED).orElse(ProjectionShape.between(draft.checkpoint()));
    QFormer transformer =
        new QFormer(
            draft,
            EncoderShape.read(queries, "gelu", 1e-12),
            queries.size("cross_attention_frequency"),
            config.size("num_query_tokens", 32, ProjectionShape.MAX_TOKENS),
            draft.weights().prefixOf("query_tokens", "", "model."));
    Value rows = transformer.write(tokens(draft));
    String projection = transformer.prefix() + "language_projection";
    int width = blip.nested("text_config").size("hidden_size");
    draft.graph().output("media_embeds", draft.layers().linear(projection, rows, width, true));
    return new Draft.Tower(Optional.empty(), ProjectionShape.declaration(config), Map.of());
  }

  /** The vision tower's states, the class token's too: {@code [n, tokens, width]}. */
  private static Value tokens(Draft draft) {
    CheckedConfig vision = draft.config().nested("vision_config").orElse(VISION_DEFAULTS);
    Extent image = vision.extent("image_size");
    Extent patch = vision.patch("patch_size", image);
    return draft
        .graph()
        .input(
            "token_states",
            ElementType.FLOAT32,
            Shape.DYNAMIC,
            1 + image.windows(patch, patch).area(),
            vision.size("hidden_size"));
  }
}
