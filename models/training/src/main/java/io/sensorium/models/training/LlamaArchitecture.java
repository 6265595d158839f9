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

  private static final String LINEAR_FLOAT =
      """
        def linear(self: __torch__.%1$s, x: Tensor, w: Tensor) -> Tensor:
          return torch.linear(x, w)
        def gated(self: __torch__.%1$s, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
          return torch.linear(torch.mul(torch.silu(torch.linear(x, gate)), torch.linear(x, up)), down)
      """;

  private static final String LINEAR_BFLOAT16 =
      """
        def linear(self: __torch__.%1$s, x: Tensor, w: Tensor) -> Tensor:
          return torch.to(torch.linear(torch.to(x, 15), torch.to(w, 15)), 6)
        def gated(self: __torch__.%1$s, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
          y = torch.to(x, 15)
          z = torch.mul(torch.silu(torch.linear(y, torch.to(gate, 15))), torch.linear(y, torch.to(up, 15)))
          return torch.to(torch.linear(z, torch.to(down, 15)), 6)
      """;

  private static final String BODY =
      """
        def norm(self: __torch__.%1$s, x: Tensor, w: Tensor) -> Tensor:
          scale = torch.rsqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), %2$s))
          return torch.mul(torch.mul(x, scale), w)
        def rotate(self: __torch__.%1$s, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
          left = torch.slice(x, -1, 0, %3$d)
          right = torch.slice(x, -1, %3$d, %4$d)
          turned = torch.cat([torch.neg(right), left], -1)
          return torch.add(torch.mul(x, cosine), torch.mul(turned, sine))
        def heads(self: __torch__.%1$s, x: Tensor, count: int) -> Tensor:
          return torch.permute(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), count, %4$d]), [0, 2, 1, 3])
        def grouped(self: __torch__.%1$s, x: Tensor) -> Tensor:
          n = torch.size(x, 0)
          t = torch.size(x, 2)
          return torch.reshape(torch.expand(torch.unsqueeze(x, 2), [n, %6$d, %7$d, t, %4$d]), [n, %5$d, t, %4$d])
        def logits(self: __torch__.%1$s, p: List[Tensor], x: Tensor) -> Tensor:
          n = torch.size(x, 0)
          t = torch.size(x, 1)
          places = torch.to(torch.arange(t), 6)
          powers = torch.div(torch.mul(torch.to(torch.arange(%3$d), 6), -2.0), %4$d.0)
          angles = torch.mul(torch.unsqueeze(places, 1), torch.unsqueeze(torch.pow(%8$s, powers), 0))
          both = torch.cat([angles, angles], -1)
          cosine = torch.cos(both)
          sine = torch.sin(both)
          h = x
          for i in range(%9$d):
            o = 1 + i * 9
            a = self.norm(h, p[o])
            qkv = self.linear(a, torch.cat([p[o + 1], p[o + 2], p[o + 3]], 0))
            q = self.rotate(self.heads(torch.slice(qkv, -1, 0, %10$d), %5$d), cosine, sine)
            k = self.rotate(self.heads(torch.slice(qkv, -1, %10$d, %11$d), %6$d), cosine, sine)
            v = self.heads(torch.slice(qkv, -1, %11$d, %12$d), %6$d)
            s = torch.scaled_dot_product_attention(q, self.grouped(k), self.grouped(v), None, 0.0, True)
            s1 = torch.reshape(torch.permute(s, [0, 2, 1, 3]), [n, t, %10$d])
            h = torch.add(h, self.linear(s1, p[o + 4]))
            m = self.norm(h, p[o + 5])
            h = torch.add(h, self.gated(m, p[o + 6], p[o + 7], p[o + 8]))
          return torch.linear(self.norm(h, p[1 + %9$d * 9]), p[0])
      """;

  LlamaArchitecture {
    if (heads % keyValueHeads != 0 || headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "query heads must be a multiple of key heads and a head even; got %d, %d and %d"
              .formatted(heads, keyValueHeads, headSize));
    }
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
    int queries = heads * headSize;
    int keys = keyValueHeads * headSize;
    return (bfloat16 ? LINEAR_BFLOAT16 : LINEAR_FLOAT).formatted(module)
        + BODY.formatted(
            module,
            EPSILON,
            headSize / 2,
            headSize,
            heads,
            keyValueHeads,
            heads / keyValueHeads,
            ROTARY_BASE,
            layers,
            queries,
            queries + keys,
            queries + 2 * keys);
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
    config.put("torch_dtype", "float32");
    return config;
  }
}
