package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes an adapter that adds to every layer's attention instead of giving rows, as ImageBind-LLM
 * does (Han et al., arXiv:2309.03905): the embedding goes through a bind network, every layer adds
 * a learned query of its own, its value projection reads the sum, and a gate that began at zero
 * weighs each head.
 *
 * <p>The graph reads {@code embedding [n, width]} and gives {@code layer_additions [n, layers,
 * heads * head size]}, which a decoder adds before its output projections. Used once.
 *
 * @param embeddingWidth of the unit vector
 * @param width of the language model
 * @param innerWidth of the bind network's gated layers
 * @param blocks of the bind network
 * @param layers of the language model
 * @param heads of queries
 * @param keyHeads of keys and values, a divisor of {@code heads}
 * @param headSize channels of a head
 */
record ZeroGatedGraph(
    Draft draft,
    int embeddingWidth,
    int width,
    int innerWidth,
    int blocks,
    int layers,
    int heads,
    int keyHeads,
    int headSize) {
  static final String KIND = "zero_gated";

  private static final double EPSILON = 1e-6;

  /** What the authors' checkpoints put before the bind network's names. */
  private static final String AUTHORS = "image_bind_";

  private static final Map<String, String> AUTHORS_LAYERS =
      Map.of("gate", "llama.layers.%d.attention.gate", "v", "llama.layers.%d.attention.wv.weight");
  private static final Map<String, String> LAYERS =
      Map.of("gate", "layers.%d.gate", "v", "layers.%d.v_proj.weight");

  static ZeroGatedGraph read(Draft draft) {
    CheckedConfig config = draft.config();
    int width = config.size("output_width");
    int heads = config.size("heads");
    int keyHeads = config.size("key_heads", heads);
    if (heads % keyHeads != 0) {
      config.reject("key_heads", "a divisor of heads");
      keyHeads = heads;
    }
    return new ZeroGatedGraph(
        draft,
        config.size("embedding_width"),
        width,
        config.size("hidden_width"),
        config.size("blocks", 3, 1000),
        config.layers("layers"),
        heads,
        keyHeads,
        config.size("head_size", Math.max(1, width / heads)));
  }

  void write() {
    Value embedding =
        draft.graph().input("embedding", ElementType.FLOAT32, Shape.DYNAMIC, embeddingWidth);
    Value bound = bound(embedding);
    Value queries = draft.weights().get("prefix_query.weight", layers, width);
    Value additions =
        IntStream.range(0, layers)
            .mapToObj(layer -> addition(bound, queries, layer))
            .reduce((some, next) -> draft.operators().concat("additions", 1, some, next))
            .orElseThrow();
    draft.graph().output("layer_additions", additions);
  }

  /** {@code v += f2(silu(f1(norm(v))) * f3(norm(v)))}, block by block. */
  private Value bound(Value embedding) {
    String prefix = draft.weights().prefixOf("proj.weight", "", AUTHORS);
    Operators operators = draft.operators();
    Layers linears = draft.layers();
    Value stream = linears.linear(prefix + "proj", embedding, width, true);
    for (int block = 1; block <= blocks; block++) {
      Value normed = linears.rmsNorm(prefix + "norm_" + block, stream, EPSILON, false);
      String gateName = prefix + "f1_" + block;
      Value gate = linears.linear(gateName, normed, innerWidth, false);
      Value value = linears.linear(prefix + "f3_" + block, normed, innerWidth, false);
      Value active = operators.activation(gateName, gate, Activation.SILU);
      String out = prefix + "f2_" + block;
      Value product = operators.multiply(out, active, value);
      stream = operators.add(out, stream, linears.linear(out, product, width, false));
    }
    return stream;
  }

  /** {@code tanh(gate) * Wv(v + query)} of one layer, {@code [n, 1, heads * head size]}. */
  private Value addition(Value bound, Value queries, int layer) {
    String name = "additions." + layer;
    Operators operators = draft.operators();
    Value query = operators.row(name, queries, layer);
    Value read = operators.add(name, bound, query);
    String stored = name("v", layer);
    Value weight = draft.weights().get(stored, (long) keyHeads * headSize, width);
    Value values = operators.timesTransposed(name, read, weight);
    Value heads4 = operators.reshape(name, values, -1, keyHeads, 1, headSize);
    int group = heads / keyHeads;
    Value gate = operators.reshape(name, gate(layer), 1, keyHeads, group, 1);
    Value weighed =
        draft
            .graph()
            .node("Mul")
            .in(heads4, operators.activation(name, gate, Activation.TANH))
            .out(name, values.type(), Shape.of(Shape.DYNAMIC, keyHeads, group, headSize));
    return operators.reshape(name, weighed, -1, 1, (long) heads * headSize);
  }

  /** One number a head; the authors store it with axes of size one around. */
  private Value gate(int layer) {
    String stored = name("gate", layer);
    return stored.startsWith("llama")
        ? draft.weights().get(stored, 1, heads, 1, 1)
        : draft.weights().get(stored, heads);
  }

  private String name(String part, int layer) {
    String authors = AUTHORS_LAYERS.get(part).formatted(layer);
    return draft.weights().has(authors) ? authors : LAYERS.get(part).formatted(layer);
  }
}
