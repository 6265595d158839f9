package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The encoder of Whisper, {@code whisper} (Radford et al., arXiv:2212.04356): two convolutions over
 * a log-mel spectrogram of fixed length, stored positions, pre-norm blocks. The decoder stays
 * unused.
 *
 * <p>From {@code input_features [n, mels, frames]}: {@code audio_embeds}, the mean over time scaled
 * to length 1, and {@code last_hidden_state}.
 */
final class WhisperFamily implements Family {
  private static final int KERNEL = 3;

  /** The reference builds its layer norms with torch's default. */
  private static final double EPSILON = 1e-5;

  private static final BlockNames NAMES =
      new BlockNames(
          "self_attn_layer_norm",
          "self_attn.q_proj",
          "self_attn.k_proj",
          "self_attn.v_proj",
          "self_attn.out_proj",
          "final_layer_norm",
          "fc1",
          "fc2");

  @Override
  public String modelType() {
    return "whisper";
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("audio", WhisperFamily::write));
  }

  private static Draft.Tower write(Draft draft) {
    CheckedConfig config = draft.config();
    GraphBuilder graph = draft.graph();
    Operators operators = draft.operators();
    String encoder = draft.weights().prefixOf("conv1.weight", "model.encoder.", "encoder.", "");
    EncoderShape shape = shape(config);
    int positions = config.size("max_source_positions", 1500);
    int mels = config.size("num_mel_bins", 80);

    Value features =
        graph.input("input_features", ElementType.FLOAT32, Shape.DYNAMIC, mels, 2L * positions);
    Value narrow = convolution(draft, encoder + "conv1", features, shape.width(), 1);
    Value halved = convolution(draft, encoder + "conv2", narrow, shape.width(), 2);
    Value x =
        operators.add(
            encoder + "embed_positions",
            operators.transpose(encoder + "conv2", halved, 0, 2, 1),
            draft.weights().get(encoder + "embed_positions.weight", positions, shape.width()));

    Value encoded =
        new PreNormEncoder(shape, NAMES, true, false)
            .write(draft, x, encoder + "layers.", positions);
    Value states = draft.layers().layerNorm(encoder + "layer_norm", encoded, shape.epsilon());
    graph.output(
        "audio_embeds",
        operators.unitRows("audio_embeds", operators.meanToken(encoder + "pooled", states)));
    graph.output("last_hidden_state", states);
    return new Draft.Tower(
        Optional.of(Modality.AUDIO),
        Map.of("feature_extractor_type", "WhisperFeatureExtractor", "feature_size", mels),
        Map.of());
  }

  private static EncoderShape shape(CheckedConfig config) {
    int width = config.size("d_model");
    int heads = config.size("encoder_attention_heads");
    if (width % heads != 0) {
      config.reject("encoder_attention_heads", "a divisor of d_model");
    }
    return new EncoderShape(
        width,
        config.layers("encoder_layers"),
        heads,
        config.size("encoder_ffn_dim"),
        config.activation("activation_function", "gelu"),
        EPSILON);
  }

  /** {@code [n, c, t]} to {@code [n, width, t / stride]}, then GELU whatever the blocks use. */
  private static Value convolution(Draft draft, String name, Value x, int width, int stride) {
    Weights weights = draft.weights();
    Value map =
        draft
            .graph()
            .node("Conv")
            .in(x)
            .in(weights.get(name + ".weight", width, x.shape().dimension(1), KERNEL))
            .in(weights.get(name + ".bias", width))
            .with("kernel_shape", new long[] {KERNEL})
            .with("strides", new long[] {stride})
            .with("pads", new long[] {1, 1})
            .out(name, x.type(), Shape.of(Shape.DYNAMIC, width, x.width() / stride));
    return draft.operators().activation(name, map, Activation.GELU);
  }
}
