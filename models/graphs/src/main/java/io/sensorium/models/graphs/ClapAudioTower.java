package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.util.List;
import java.util.Map;

/**
 * CLAP's HTSAT (Chen et al., arXiv:2202.00874): a log-mel spectrogram is normalised bin by bin,
 * stretched to a fixed length, cut along time into as many pieces as make it a square with the
 * pieces one above the other, and read by a Swin transformer.
 *
 * @param frames of a spectrogram
 * @param melBins values a frame
 * @param pieces that a spectrogram is cut into
 * @param patch side of a patch; patches do not overlap
 * @param width of the first stage
 * @param normalises whether patches are normalised
 * @param stages of the transformer
 */
record ClapAudioTower(
    int frames,
    int melBins,
    int pieces,
    int patch,
    int width,
    boolean normalises,
    SwinEncoder stages) {
  /** The reference's. */
  static final Map<String, Object> DEFAULTS =
      Map.of(
          "spec_size", 256,
          "num_mel_bins", 64,
          "window_size", 8,
          "patch_size", 4,
          "patch_stride", List.of(4, 4),
          "depths", List.of(2, 2, 6, 2),
          "num_attention_heads", List.of(4, 8, 16, 32),
          "patch_embeds_hidden_size", 96);

  private static final int MAX_SIDE = 1_024;
  private static final int MAX_WINDOW = 32;
  private static final int MAX_STAGES = 8;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_RATIO = 64;
  private static final double BATCH_NORM_EPSILON = 1e-5;

  /** Reads {@code audio_config} and notes what of it cannot be honoured. */
  static ClapAudioTower read(Draft draft) {
    CheckedConfig config = draft.config();
    if (config.flag("enable_fusion", false)) {
      config.reject("enable_fusion", "false, as checkpoints with feature fusion are not supported");
    }
    int side = config.size("spec_size", 1, MAX_SIDE);
    int melBins = config.size("num_mel_bins", 1, MAX_SIDE);
    if (side % melBins != 0) {
      config.reject("num_mel_bins", "a divisor of spec_size");
    }
    Extent patch = config.patch("patch_size", new Extent(side, side));
    if (patch.rows() != patch.columns() || !patch.equals(config.extent("patch_stride"))) {
      config.reject("patch_stride", "patch_size, both square");
    }
    int pieces = Math.max(1, side / melBins);
    if (pieces > MAX_RATIO) {
      config.reject("spec_size", "at most %d times num_mel_bins".formatted(MAX_RATIO));
      pieces = 1;
    }
    int frames = frames(draft);
    if (frames > side * pieces) {
      config.reject("spec_size", "enough for the feature extractor's %d frames".formatted(frames));
    }
    int width = config.size("patch_embeds_hidden_size");
    return new ClapAudioTower(
        frames,
        melBins,
        pieces,
        patch.rows(),
        width,
        config.flag("enable_patch_layer_norm", true),
        stages(config, side / patch.rows(), width));
  }

  private static SwinEncoder stages(CheckedConfig config, int side, long width) {
    List<Integer> depths = config.sizes("depths", MAX_DEPTH);
    List<Integer> heads = config.sizes("num_attention_heads", MAX_SIDE);
    if (depths.size() != heads.size() || depths.size() > MAX_STAGES) {
      config.reject("depths", "at most %d, as many as num_attention_heads".formatted(MAX_STAGES));
      depths = List.of(1);
      heads = List.of(1);
    }
    for (int stage = 0; stage < heads.size(); stage++) {
      if ((width << stage) % heads.get(stage) != 0) {
        config.reject("num_attention_heads", "divisors of the stages' widths from " + width);
      }
    }
    int halvings = depths.size() - 1;
    int window = config.size("window_size", 1, MAX_WINDOW);
    if (side % (1 << halvings) != 0 || side >> halvings < window) {
      config.reject("window_size", "at most the last stage's grid of whole tokens");
      window = 1;
    }
    double ratio = config.decimal("mlp_ratio", 4);
    if (!(ratio * width >= 1 && ratio <= MAX_RATIO)) {
      config.reject("mlp_ratio", "positive and at most " + MAX_RATIO);
      ratio = 1;
    }
    return new SwinEncoder(
        side,
        window,
        depths,
        heads,
        ratio,
        config.activation("hidden_act", "gelu"),
        config.flag("qkv_bias", true),
        config.decimal("layer_norm_eps", 1e-5));
  }

  /** How many frames the checkpoint's feature extractor makes. */
  private static int frames(Draft draft) {
    Settings extractor =
        ProcessorFile.read(draft.checkpoint(), "feature_extractor")
            .orElseGet(() -> Settings.of("feature_extractor", Map.of()));
    long samples =
        (long) extractor.integer("max_length_s", 10) * extractor.integer("sampling_rate", 48_000);
    int hop = Math.max(1, extractor.integer("hop_length", 480));
    return Math.clamp(1 + samples / hop, 1, Integer.MAX_VALUE);
  }

  /**
   * Writes the tower.
   *
   * @param prefix of the tensors' names
   * @return the mean over the last stage's tokens, {@code [n, d]}
   */
  Value write(Draft draft, String prefix) {
    Operators operators = draft.operators();
    String embedding = prefix + "patch_embed.";
    Value tokens =
        draft
            .layers()
            .patches(
                embedding + "proj",
                square(draft, prefix),
                width,
                new Extent(patch, patch),
                new Extent(patch, patch),
                true);
    Value x =
        normalises
            ? draft.layers().layerNorm(embedding + "norm", tokens, SwinEncoder.OUTER_EPSILON)
            : tokens;
    Value encoded = stages.write(draft, x, prefix + "layers.");
    Value states = draft.layers().layerNorm(prefix + "norm", encoded, SwinEncoder.OUTER_EPSILON);
    return operators.meanToken(prefix + "norm", states);
  }

  /** The spectrogram as a picture, {@code [n, 1, side, side]}: frequency upwards piece by piece. */
  private Value square(Draft draft, String prefix) {
    Operators operators = draft.operators();
    String name = prefix + "batch_norm";
    Value features =
        draft
            .graph()
            .input("input_features", ElementType.FLOAT32, Shape.DYNAMIC, 1, frames, melBins);
    Value rows = operators.reshape(name, features, -1, frames, melBins);
    Value bins = normalized(draft, name, operators.transpose(name, rows, 0, 2, 1));
    int length = melBins * pieces;
    Value stretched = new TimeResize(frames, length * pieces).write(draft, name, bins);
    Value cut = operators.reshape(name, stretched, 0, melBins, pieces, length);
    return operators.reshape(
        name, operators.transpose(name, cut, 0, 2, 1, 3), 0, 1, length, length);
  }

  private Value normalized(Draft draft, String name, Value bins) {
    Weights weights = draft.weights();
    NodeBuilder node = draft.graph().node("BatchNormalization").in(bins);
    for (String tensor : List.of("weight", "bias", "running_mean", "running_var")) {
      node.in(weights.get(name + "." + tensor, melBins));
    }
    return node.with("epsilon", BATCH_NORM_EPSILON).out(name, bins.type(), bins.shape());
  }
}
