package io.sensorium.models.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shape of a decoder of Llama's kind: RMS norms before each part, rotary positions in halves,
 * grouped queries, SwiGLU. Immutable.
 *
 * @param vocabulary tokens of the embedding table
 * @param hidden width of the residual stream
 * @param intermediate width between the feed-forward layers
 * @param heads query heads, a multiple of {@code keyValueHeads}
 * @param headSize even
 * @param epsilon added to mean squares
 * @param rotaryBase of the slowest rotation
 * @param biasedQueries whether the projections to query, key and value have biases (Qwen2)
 * @param normedQueries whether queries and keys are normalised head by head (Qwen3)
 * @param tied whether the embedding table is the output's as well
 */
public record DecoderShape(
    int vocabulary,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    double epsilon,
    double rotaryBase,
    boolean biasedQueries,
    boolean normedQueries,
    boolean tied) {

  public DecoderShape {
    if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0 || headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "query heads must be a multiple of key heads and a head even; got %d, %d and %d"
              .formatted(heads, keyValueHeads, headSize));
    }
  }

  int queries() {
    return heads * headSize;
  }

  int keys() {
    return keyValueHeads * headSize;
  }

  /** Parameters of one layer. */
  int layerParameters() {
    return 9 + (biasedQueries ? 3 : 0) + (normedQueries ? 2 : 0);
  }

  /** A parameter's name in the checkpoint, and its dimensions. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  public record Slot(String name, long[] shape) {}

  /**
   * All parameters in the order in which {@link DecoderScript} takes them; the first is the
   * embedding table.
   */
  public List<Slot> slots() {
    var slots = new ArrayList<Slot>();
    slots.add(slot("model.embed_tokens.weight", vocabulary, hidden));
    for (int layer = 0; layer < layers; layer++) {
      addLayer(slots, String.format(Locale.ROOT, "model.layers.%d.", layer));
    }
    slots.add(slot("model.norm.weight", hidden));
    if (!tied) {
      slots.add(slot("lm_head.weight", vocabulary, hidden));
    }
    return slots;
  }

  private void addLayer(List<Slot> slots, String prefix) {
    slots.add(slot(prefix + "input_layernorm.weight", hidden));
    slots.add(slot(prefix + "self_attn.q_proj.weight", queries(), hidden));
    slots.add(slot(prefix + "self_attn.k_proj.weight", keys(), hidden));
    slots.add(slot(prefix + "self_attn.v_proj.weight", keys(), hidden));
    slots.add(slot(prefix + "self_attn.o_proj.weight", hidden, queries()));
    slots.add(slot(prefix + "post_attention_layernorm.weight", hidden));
    slots.add(slot(prefix + "mlp.gate_proj.weight", intermediate, hidden));
    slots.add(slot(prefix + "mlp.up_proj.weight", intermediate, hidden));
    slots.add(slot(prefix + "mlp.down_proj.weight", hidden, intermediate));
    if (biasedQueries) {
      slots.add(slot(prefix + "self_attn.q_proj.bias", queries()));
      slots.add(slot(prefix + "self_attn.k_proj.bias", keys()));
      slots.add(slot(prefix + "self_attn.v_proj.bias", keys()));
    }
    if (normedQueries) {
      slots.add(slot(prefix + "self_attn.q_norm.weight", headSize));
      slots.add(slot(prefix + "self_attn.k_norm.weight", headSize));
    }
  }

  private static Slot slot(String name, long... shape) {
    return new Slot(name, shape);
  }
}
