package io.sensorium.models.graphs;

import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.graphs.Layers.NormedSum;
import java.util.Map;

/** Writes one decoder from tokens to logits. Used once. */
final class DecoderGraph {
  private static final String PREFIX = "model.";

  private final Draft draft;
  private final GraphBuilder graph;
  private final Operators operators;
  private final DecoderShape shape;
  private final DecoderVariant variant;
  private final DecoderLinears linears;

  /**
   * @param adaptable whether something can be added to it while it runs
   */
  DecoderGraph(Draft draft, DecoderShape shape, DecoderVariant variant, boolean adaptable) {
    this.draft = draft;
    this.graph = draft.graph();
    this.operators = draft.operators();
    this.shape = shape;
    this.variant = variant;
    this.linears = new DecoderLinears(draft, adaptable);
  }

  /** Writes it, and answers the sizes of every layer's linear layers by their names within it. */
  Map<String, Size> write() {
    Value ids = graph.input("input_ids", ElementType.INT64, Shape.DYNAMIC, Shape.DYNAMIC);
    Value mask =
        graph.input(
            "attention_mask",
            "total_sequence_length",
            ElementType.INT64,
            Shape.DYNAMIC,
            Shape.DYNAMIC);
    String name = PREFIX + "embed_tokens";
    Value table = draft.weights().get(name + ".weight", shape.vocabulary(), shape.width());
    Value embedded = embedded(name, table, ids);
    DecoderAttention attention = new DecoderAttention(draft, shape, variant, linears, mask);
    NormedSum stream = new NormedSum(embedded, norm(inputNorm(0), embedded));
    for (int layer = 0; layer < shape.layers().size(); layer++) {
      stream = block(attention, stream, layer);
    }
    Value states = stream.normed();
    Value kept = lastTokens(states);
    boolean tied = draft.config().flag("tie_word_embeddings", variant.gemma());
    Value head =
        tied ? table : draft.weights().get("lm_head.weight", shape.vocabulary(), shape.width());
    Value logits = operators.timesTransposed("lm_head", kept, head);
    graph.output("logits", operators.capped("lm_head", logits, shape.logitCap()));
    graph.output("hidden_states", states);
    attention.declareCaches();
    return linears.sizes();
  }

  /** Tokens' rows of the table, or rows that the caller brings where ids are negative. */
  private Value embedded(String name, Value table, Value ids) {
    Value brought =
        graph.optionalInput(
            "inputs_embeds",
            Tensor.ofFloats(Shape.of(1, shape.width()), new float[shape.width()]),
            Shape.DYNAMIC,
            shape.width());
    Value zero = graph.scalar(0L);
    Value token = operators.rows(name, table, operators.maximum(name, ids, zero));
    Value scaled =
        variant.gemma()
            ? operators.multiply(name, token, graph.scalar((float) Math.sqrt(shape.width())))
            : token;
    Value row =
        operators.subtract(
            name, operators.multiply(name, ids, graph.scalar(-1L)), graph.scalar(1L));
    Value media = operators.rows(name + ".media", brought, operators.maximum(name, row, zero));
    Value isMedia = operators.less(name, ids, zero);
    return operators.where(name, operators.unsqueeze(name, isMedia, 2), media, scaled);
  }

  /**
   * One layer: the stream before it, normed for it, becomes the stream behind it, normed for the
   * next one. Sums and norms are one operator each: at batch 1 what an operator costs besides its
   * work counts.
   */
  private NormedSum block(DecoderAttention attention, NormedSum stream, int layer) {
    String prefix = PREFIX + "layers." + layer + ".";
    Value attended = attention.write(prefix, stream.normed(), layer);
    NormedSum middle =
        normOfSum(
            prefix + (variant.gemma() ? "pre_feedforward_layernorm" : "post_attention_layernorm"),
            stream.sum(),
            variant.gemma() ? norm(prefix + "post_attention_layernorm", attended) : attended);
    Value fed = feedForward(prefix, middle.normed());
    return normOfSum(
        inputNorm(layer + 1),
        middle.sum(),
        variant.gemma() ? norm(prefix + "post_feedforward_layernorm", fed) : fed);
  }

  /** The norm before a layer, or before the logits. */
  private String inputNorm(int layer) {
    return PREFIX
        + (layer < shape.layers().size() ? "layers." + layer + ".input_layernorm" : "norm");
  }

  private Value feedForward(String prefix, Value x) {
    boolean biased = draft.config().flag("mlp_bias", false);
    Value gate = linears.linear(prefix, "mlp.gate_proj", x, shape.inner(), biased);
    Value up = linears.linear(prefix, "mlp.up_proj", x, shape.inner(), biased);
    Value active = operators.activation(prefix + "mlp.gate_proj", gate, shape.activation());
    Value product = operators.multiply(prefix + "mlp.up_proj", active, up);
    return linears.linear(prefix, "mlp.down_proj", product, shape.width(), biased);
  }

  private Value norm(String name, Value x) {
    return draft.layers().rmsNorm(name, x, shape.epsilon(), variant.gemma());
  }

  private NormedSum normOfSum(String name, Value x, Value y) {
    return draft.layers().rmsNormOfSum(name, x, y, shape.epsilon(), variant.gemma());
  }

  /** All tokens, unless the caller wants fewer. */
  private Value lastTokens(Value states) {
    Tensor all = Tensor.ofLongs(Shape.of(1), Integer.MAX_VALUE);
    Value count = graph.optionalInput("logits_to_keep", all, 1);
    return operators.lastTokens("logits_to_keep", states, count);
  }
}
