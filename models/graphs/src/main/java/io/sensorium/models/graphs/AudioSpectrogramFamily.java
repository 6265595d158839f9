package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Audio Spectrogram Transformer, {@code audio-spectrogram-transformer} (Gong et al.,
 * arXiv:2104.01778): a ViT over overlapping patches of a log-mel spectrogram, with a class and a
 * distillation token whose mean is the clip.
 *
 * <p>With {@code projection_dim} and {@code audio_projection.weight} that mean is projected to
 * {@code audio_embeds}; otherwise {@code audio_embeds} is the mean itself, scaled to length 1, and
 * {@code last_hidden_state} and {@code pooler_output} follow. Last comes {@code
 * penultimate_hidden_state}, the tokens that the last block reads.
 */
final class AudioSpectrogramFamily implements Family {
  private static final String PROJECTION = "audio_projection";
  private static final int SPECIAL_TOKENS = 2;

  @Override
  public String modelType() {
    return "audio-spectrogram-transformer";
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("audio", AudioSpectrogramFamily::write));
  }

  private static Draft.Tower write(Draft draft) {
    CheckedConfig config = draft.config();
    Weights weights = draft.weights();
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    EncoderShape shape = EncoderShape.read(config, "gelu", 1e-12);
    boolean embeds = config.has("projection_dim") || weights.has(PROJECTION + ".weight");
    String prefix = weights.prefixOf("embeddings.cls_token", "", "audio_spectrogram_transformer.");
    String embeddings = prefix + "embeddings.";

    Value patches = spectrogramPatches(draft, embeddings, shape.width());
    Value special =
        operators.concat(
            embeddings + "special",
            1,
            weights.get(embeddings + "cls_token", 1, 1, shape.width()),
            weights.get(embeddings + "distillation_token", 1, 1, shape.width()));
    long tokens = SPECIAL_TOKENS + patches.shape().dimension(1);
    Value positions = weights.get(embeddings + "position_embeddings", 1, tokens, shape.width());
    Value x = draft.withSpecialTokens(embeddings + "tokens", special, patches, positions);

    PreNormEncoder.States encoded =
        new PreNormEncoder(shape, BlockNames.VIT, config.flag("qkv_bias", true))
            .states(draft, x, prefix + "encoder.layer.", embeds ? SPECIAL_TOKENS : tokens);
    Value states = layers.layerNorm(prefix + "layernorm", encoded.last(), shape.epsilon());
    Value sum =
        operators.add(
            prefix + "pooled",
            operators.token(prefix + "pooled", states, 0),
            operators.token(prefix + "pooled", states, 1));
    Value pooled = operators.multiply(prefix + "pooled", sum, draft.graph().scalar(0.5f));
    if (embeds) {
      draft.embed(pooled, PROJECTION, config.size("projection_dim"), "audio_embeds");
    } else {
      draft.graph().output("audio_embeds", operators.unitRows("audio_embeds", pooled));
      draft.graph().output("last_hidden_state", states);
      draft.graph().output("pooler_output", pooled);
    }
    encoded.declarePenultimate(draft);
    return new Draft.Tower(
        Optional.of(Modality.AUDIO),
        Map.of(
            "feature_extractor_type", "ASTFeatureExtractor",
            "max_length", config.size("max_length", 1024),
            "num_mel_bins", config.size("num_mel_bins", 128)),
        Map.of());
  }

  /** From {@code input_values [n, frames, mels]}; patches run along time, then up in frequency. */
  private static Value spectrogramPatches(Draft draft, String embeddings, int width) {
    CheckedConfig config = draft.config();
    int frames = config.size("max_length", 1024);
    int mels = config.size("num_mel_bins", 128);
    Extent patch = config.patch("patch_size", new Extent(mels, frames));
    Extent stride = new Extent(config.size("frequency_stride", 10), config.size("time_stride", 10));
    Value frameRows =
        draft.graph().input("input_values", ElementType.FLOAT32, Shape.DYNAMIC, frames, mels);
    String name = embeddings + "patch_embeddings.projection";
    Operators operators = draft.operators();
    Value plane = operators.unsqueeze(name, operators.transpose(name, frameRows, 0, 2, 1), 1);
    return draft.layers().patches(name, plane, width, patch, stride, true);
  }
}
