package io.sensorium.models.graphs;

import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The projector of LLaVA's checkpoints, {@code llava} (Liu et al., arXiv:2310.03744), as a
 * projection adapter of its own: two linear layers over the patches of the vision tower. The tower
 * and the language model are packages of their own; {@code adapter.json} beside the configuration
 * names them with the keys {@code encoder}, {@code space} and {@code language_model}.
 */
final class LlavaProjectorFamily implements Family {
  private static final Map<String, Object> CLIP_DEFAULTS =
      Map.of("hidden_size", 1024, "image_size", 336, "patch_size", 14);

  /**
   * What the reference numbers as the states behind the last block but one, and behind the last.
   */
  private static final Map<Integer, String> FEATURE_LAYERS =
      Map.of(-2, "penultimate_hidden_state", -1, "last_hidden_state");

  @Override
  public String modelType() {
    return "llava";
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("projection", LlavaProjectorFamily::write));
  }

  private static Draft.Tower write(Draft draft) {
    CheckedConfig llava = draft.config();
    if (!llava.flag("multimodal_projector_bias", true)) {
      llava.reject("multimodal_projector_bias", "true");
    }
    CheckedConfig config =
        llava.orElse(translated(llava)).orElse(ProjectionShape.between(draft.checkpoint()));
    String prefix =
        draft
            .weights()
            .prefixOf("linear_1.weight", "multi_modal_projector.", "model.multi_modal_projector.");
    new ProjectionGraph(draft, ProjectionShape.read(config), prefix).write();
    return new Draft.Tower(Optional.empty(), ProjectionShape.declaration(config), Map.of());
  }

  /** LLaVA's words in those of a projection adapter. */
  private static Map<String, Object> translated(CheckedConfig llava) {
    CheckedConfig vision = llava.nested("vision_config").orElse(CLIP_DEFAULTS);
    Extent image = vision.extent("image_size");
    Extent patch = vision.patch("patch_size", image);
    int width = llava.nested("text_config").orElse(Map.of("hidden_size", 4096)).size("hidden_size");
    boolean full =
        llava
            .choice(
                "vision_feature_select_strategy", "default", java.util.Set.of("default", "full"))
            .equals("full");
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("kind", ProjectionShape.MLP);
    words.put("modality", "image");
    words.put("features", "tokens");
    words.put("input_width", vision.size("hidden_size"));
    words.put("tokens", 1 + image.windows(patch, patch).area());
    words.put("keep_special", full);
    words.put("hidden_width", width);
    words.put("output_width", width);
    words.put("hidden_act", llava.text("projector_hidden_act", "gelu"));
    words.put("feature_output", featureOutput(llava));
    return words;
  }

  private static String featureOutput(CheckedConfig llava) {
    int layer = (int) llava.decimal("vision_feature_layer", -2);
    String output = FEATURE_LAYERS.get(layer);
    if (output == null) {
      llava.reject("vision_feature_layer", "-2 or -1");
    }
    return FEATURE_LAYERS.getOrDefault(layer, FEATURE_LAYERS.get(-2));
  }
}
