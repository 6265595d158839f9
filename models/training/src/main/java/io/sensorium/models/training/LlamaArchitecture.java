package io.sensorium.models.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.world.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Hugging Face's {@code llama}: RMS norms before each part, rotary positions in halves, grouped
 * queries, SwiGLU, the embedding table again as the output. No biases.
 *
 * @param heads query heads, a multiple of {@code keyValueHeads}
 * @param headSize even
 */
record LlamaArchitecture(
    int vocabulary,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize)
    implements LanguageArchitecture {
  private static final double ROTARY_BASE = 10_000;
  private static final double EPSILON = 1e-5;
  private static final double EMBEDDING_DEVIATION = 0.05;

  private static final String LOGITS =
      """
        def logits(self: __torch__.%1$s, p: List[Tensor], x: Tensor) -> Tensor:
          return self.head(p, self.hidden(p, x))
      """;

  LlamaArchitecture {
    shape(vocabulary, hidden, intermediate, layers, heads, keyValueHeads, headSize);
  }

  /** The same as a shape among those of its kind. */
  DecoderShape shape() {
    return shape(vocabulary, hidden, intermediate, layers, heads, keyValueHeads, headSize);
  }

  private static DecoderShape shape(
      int vocabulary,
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize) {
    return new DecoderShape(
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        keyValueHeads,
        headSize,
        EPSILON,
        ROTARY_BASE,
        false,
        false,
        true);
  }

  @Override
  public List<Parameter> initialise(long seed) {
    RandomGenerator random = Seeds.generator(seed);
    var list = new ArrayList<Parameter>();
    list.add(
        TowerParameters.normal(
            "model.embed_tokens.weight", random, EMBEDDING_DEVIATION, vocabulary, hidden));
    for (int layer = 0; layer < layers; layer++) {
      String prefix = "model.layers." + layer + ".";
      list.add(Parameter.filled(prefix + "input_layernorm.weight", 1, hidden));
      int queries = heads * headSize;
      int keys = keyValueHeads * headSize;
      list.add(linear(prefix + "self_attn.q_proj.weight", random, 1, queries, hidden));
      list.add(linear(prefix + "self_attn.k_proj.weight", random, 1, keys, hidden));
      list.add(linear(prefix + "self_attn.v_proj.weight", random, 1, keys, hidden));
      // What is added to the residual stream begins small, so that depth does not amplify it.
      double share = 1 / Math.sqrt(2.0 * layers);
      list.add(linear(prefix + "self_attn.o_proj.weight", random, share, hidden, queries));
      list.add(Parameter.filled(prefix + "post_attention_layernorm.weight", 1, hidden));
      list.add(linear(prefix + "mlp.gate_proj.weight", random, 1, intermediate, hidden));
      list.add(linear(prefix + "mlp.up_proj.weight", random, 1, intermediate, hidden));
      list.add(linear(prefix + "mlp.down_proj.weight", random, share, hidden, intermediate));
    }
    list.add(Parameter.filled("model.norm.weight", 1, hidden));
    return list;
  }

  private static Parameter linear(
      String name, RandomGenerator random, double share, int out, int in) {
    return TowerParameters.normal(name, random, share * Math.sqrt(2.0 / (in + out)), out, in);
  }

  @Override
  public String script(String module, boolean bfloat16) {
    return DecoderScript.text(shape(), module, bfloat16) + LOGITS.formatted(module);
  }

  @Override
  public ObjectNode config(int contextLength) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add("LlamaForCausalLM");
    config.put("model_type", "llama");
    config.put("vocab_size", vocabulary);
    config.put("hidden_size", hidden);
    config.put("intermediate_size", intermediate);
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", keyValueHeads);
    config.put("head_dim", headSize);
    config.put("hidden_act", "silu");
    config.put("max_position_embeddings", contextLength);
    config.put("rms_norm_eps", EPSILON);
    config.put("rope_theta", ROTARY_BASE);
    config.putNull("rope_scaling");
    config.put("attention_bias", false);
    config.put("mlp_bias", false);
    config.put("tie_word_embeddings", true);
    config.put("torch_dtype", "float16");
    return config;
  }
}
