package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CLAP, {@code clap} (Wu et al., arXiv:2211.06687), without feature fusion: a Swin transformer over
 * log-mel spectrograms and RoBERTa over texts, each projected by two layers into one space.
 *
 * <p>From {@code input_features [n, 1, frames, mels]}: {@code audio_embeds}. From {@code input_ids}
 * and {@code attention_mask}: {@code text_embeds}.
 */
final class ClapFamily implements Family {
  private static final String PROMPT = "This is a sound of {}.";

  @Override
  public String modelType() {
    return "clap";
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(
        new TowerAuthor("audio", ClapFamily::audio), new TowerAuthor("text", ClapFamily::text));
  }

  private static Draft.Tower audio(Draft draft) {
    Draft part = draft.nested("audio_config").orElse(ClapAudioTower.DEFAULTS);
    ClapAudioTower tower = ClapAudioTower.read(part);
    Value pooled = tower.write(part, "audio_model.audio_encoder.");
    embed(draft, pooled, "audio_projection", "audio_embeds");
    Map<String, Object> preprocessing =
        Map.of(
            "feature_extractor_type", "ClapFeatureExtractor",
            "feature_size", tower.melBins(),
            "truncation", "rand_trunc");
    return new Draft.Tower(
        Optional.of(Modality.AUDIO), preprocessing, calibration(draft, "logit_scale_a"));
  }

  private static Draft.Tower text(Draft draft) {
    BertTrunk trunk =
        new BertTrunk(draft.nested("text_config"), "text_model.", BertVariant.ROBERTA);
    Value pooled = trunk.pooled(trunk.states(1));
    embed(draft, pooled, "text_projection", "text_embeds");
    return new Draft.Tower(
        Optional.of(Modality.TEXT),
        Map.of("max_length", trunk.longestSequence()),
        calibration(draft, "logit_scale_t"));
  }

  private static void embed(Draft draft, Value pooled, String projection, String output) {
    CheckedConfig config = draft.config();
    int dimension = config.size("projection_dim", 512);
    Value inner = draft.layers().linear(projection + ".linear1", pooled, dimension, true);
    Activation activation = config.activation("projection_hidden_act", "relu");
    Value active = draft.operators().activation(projection + ".linear1", inner, activation);
    Value projected = draft.layers().linear(projection + ".linear2", active, dimension, true);
    draft.graph().output(output, draft.operators().unitRows(output, projected));
  }

  /** Each tower's similarities have their own scale. */
  private static Map<String, Object> calibration(Draft draft, String scale) {
    return Map.of(
        "temperature", Math.exp(-draft.weights().number(scale)), "prompts", List.of(PROMPT));
  }
}
