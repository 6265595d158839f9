package io.sensorium.models.graphs;

import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decoder-only language models of Llama's kind. The one graph takes and gives what
 * onnxruntime-genai's do: {@code input_ids}, {@code attention_mask} and {@code
 * past_key_values.N.key/value} in, {@code logits}, {@code hidden_states} and {@code
 * present.N.key/value} out; past and present may be one buffer. Hidden states are those of the last
 * norm, of every token; a run that does not bind them pays nothing for them.
 *
 * <p>Two inputs may be left out: {@code inputs_embeds [rows, hidden]}, whose row {@code r} stands
 * where {@code input_ids} has {@code -1 - r}, so that media and text mix in any order; and {@code
 * logits_to_keep}, how many of the last tokens get logits.
 *
 * @param modelType the {@code model_type} of its configurations
 * @param variant what it has of its own
 */
record DecoderFamily(String modelType, DecoderVariant variant) implements Family {
  private static final String ADAPTABLE = "adaptable";

  /** Every one of them. */
  static final List<DecoderFamily> ALL =
      List.of(
          new DecoderFamily("llama", DecoderVariant.LLAMA),
          new DecoderFamily("mistral", DecoderVariant.MISTRAL),
          new DecoderFamily("qwen2", DecoderVariant.QWEN2),
          new DecoderFamily("qwen3", DecoderVariant.QWEN3),
          new DecoderFamily("smollm3", DecoderVariant.SMOLLM3),
          new DecoderFamily("gemma2", DecoderVariant.GEMMA2),
          new DecoderFamily("gemma3_text", DecoderVariant.GEMMA3));

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(
        new TowerAuthor("decoder", draft -> write(draft, false)),
        new TowerAuthor(ADAPTABLE, draft -> write(draft, true), true));
  }

  private Draft.Tower write(Draft draft, boolean adaptable) {
    Draft filled = draft.orElse(Map.of("rms_norm_eps", 1e-6));
    DecoderShape shape = DecoderShape.read(filled.config(), variant);
    Map<String, Size> linears = new DecoderGraph(filled, shape, variant, adaptable).write();
    Map<String, Object> declared = new LinkedHashMap<>();
    declared.put("max_length", shape.positions());
    declared.put("hidden_size", shape.width());
    declared.putAll(
        new AdaptableDecoder(
                AuthoredModel.fileOf(ADAPTABLE),
                shape.layers().size(),
                shape.heads() * shape.headSize(),
                linears)
            .settings());
    return new Draft.Tower(Optional.empty(), declared, Map.of());
  }
}
