package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attention over a cache of keys and values, by ONNX Runtime's GroupQueryAttention, which turns
 * queries and keys by their positions and may keep past and present in one buffer.
 */
final class DecoderAttention {
  private static final String SELF = "self_attn.";
  private static final String TOTAL = "total_sequence_length";

  /** The attention operator turns heads of multiples of so many channels. */
  private static final int FUSED_ROTARY_HEAD = 16;

  private final Draft draft;
  private final GraphBuilder graph;
  private final Operators operators;
  private final DecoderShape shape;
  private final DecoderVariant variant;
  private final DecoderLinears linears;
  private final Value lastPositions;
  private final Value total;
  private final Map<RotarySettings, Tables> tables = new HashMap<>();
  private final List<Value> caches = new ArrayList<>();
  private Value positions;

  private record Tables(Value cosines, Value sines) {}

  /**
   * @param mask {@code int64[n, total]}, 1 for every token of a sequence, the past included
   */
  DecoderAttention(
      Draft draft, DecoderShape shape, DecoderVariant variant, DecoderLinears linears, Value mask) {
    this.draft = draft;
    this.linears = linears;
    this.graph = draft.graph();
    this.operators = draft.operators();
    this.shape = shape;
    this.variant = variant;
    String name = "attention_mask";
    Value lengths = operators.squeeze(name, operators.sum(name, mask, 1), 1);
    Value last = operators.subtract(name, lengths, graph.scalar(1L));
    this.lastPositions = operators.cast(name, last, ElementType.INT32);
    Value length = operators.squeeze(name, operators.sizeOf(name, mask, 1), 0);
    this.total = operators.cast(name, length, ElementType.INT32);
  }

  /**
   * One layer's attention, projections included.
   *
   * @param prefix of the layer's names
   * @param x {@code [n, s, d]}
   */
  Value write(String prefix, Value x, int layer) {
    boolean configured = draft.config().flag("attention_bias", false);
    boolean biased = variant.biasedQueries() || configured;
    long queryWidth = (long) shape.heads() * shape.headSize();
    long keyWidth = (long) shape.keyHeads() * shape.headSize();
    Value query = linears.linear(prefix, SELF + "q_proj", x, queryWidth, biased);
    Value key = linears.linear(prefix, SELF + "k_proj", x, keyWidth, biased);
    Value value = linears.linear(prefix, SELF + "v_proj", x, keyWidth, biased);
    if (variant.normedQueries()) {
      query = normedHeads(prefix + SELF + "q_norm", query);
      key = normedHeads(prefix + SELF + "k_norm", key);
    }
    Value attended =
        linears.withAddition(
            prefix + SELF,
            attend(prefix + SELF, query, key, value, layer),
            layer,
            shape.layers().size());
    return linears.linear(prefix, SELF + "o_proj", attended, shape.width(), configured);
  }

  private Value normedHeads(String name, Value x) {
    Value heads = operators.reshape(name, x, 0, 0, -1, shape.headSize());
    Value normed = draft.layers().rmsNorm(name, heads, shape.epsilon(), variant.gemma());
    return operators.reshape(name, normed, 0, 0, x.width());
  }

  private Value attend(String prefix, Value query, Value key, Value value, int layer) {
    DecoderLayer kind = shape.layers().get(layer);
    Optional<Tables> tables = kind.rotary().map(this::tables);
    boolean turnsItself = shape.headSize() % FUSED_ROTARY_HEAD == 0;
    Optional<Tables> rotary = tables.filter(both -> turnsItself);
    Optional<Tables> before = tables.filter(both -> !turnsItself);
    NodeBuilder node =
        graph
            .node(GraphBuilder.MICROSOFT, "GroupQueryAttention")
            .in(turned(prefix + "q_proj", query, shape.heads(), before))
            .in(turned(prefix + "k_proj", key, shape.keyHeads(), before))
            .in(value)
            .in(cache("past_key_values." + layer + ".key"))
            .in(cache("past_key_values." + layer + ".value"))
            .in(lastPositions, total);
    rotary.ifPresent(both -> node.in(both.cosines(), both.sines()));
    return node.with("num_heads", shape.heads())
        .with("kv_num_heads", shape.keyHeads())
        .with("scale", shape.scale())
        .with("softcap", shape.scoreCap())
        .with("do_rotary", rotary.isPresent() ? 1 : 0)
        .with("rotary_interleaved", 0)
        .with("local_window_size", kind.window() == 0 ? -1 : kind.window())
        .out(
            prefix + "attention",
            query.type(),
            query.shape(),
            present("present." + layer + ".key"),
            present("present." + layer + ".value"));
  }

  /** Turned by their positions, where the attention operator cannot do it. */
  private Value turned(String name, Value x, int heads, Optional<Tables> tables) {
    if (tables.isEmpty()) {
      return x;
    }
    Value split = operators.reshape(name, x, 0, 0, heads, shape.headSize());
    Value byHead = operators.transpose(name, split, 0, 2, 1, 3);
    Value rotated =
        graph
            .node("RotaryEmbedding")
            .in(byHead, tables.get().cosines(), tables.get().sines(), positions(x))
            .out(name, x.type(), byHead.shape());
    Value back = operators.transpose(name, rotated, 0, 2, 1, 3);
    return operators.reshape(name, back, 0, 0, x.width());
  }

  /** Of the new tokens of every sequence, {@code int64[n, s]}: up to the last one's. */
  private Value positions(Value x) {
    String name = "position_ids";
    if (positions == null) {
      Value length = operators.squeeze(name, operators.sizeOf(name, x, 1), 0);
      Value steps = operators.range(name, graph.scalar(0L), length);
      Value last =
          operators.unsqueeze(name, operators.cast(name, lastPositions, ElementType.INT64), 1);
      Value first = operators.add(name, operators.subtract(name, last, length), graph.scalar(1L));
      positions =
          graph
              .node("Add")
              .in(first, steps)
              .out(name, ElementType.INT64, Shape.of(Shape.DYNAMIC, Shape.DYNAMIC));
    }
    return positions;
  }

  private Value cache(String name) {
    return graph.input(
        name,
        "past_sequence_length",
        ElementType.FLOAT32,
        Shape.DYNAMIC,
        shape.keyHeads(),
        Shape.DYNAMIC,
        shape.headSize());
  }

  private Value present(String name) {
    Value present =
        new Value(
            name,
            ElementType.FLOAT32,
            Shape.of(Shape.DYNAMIC, shape.keyHeads(), Shape.DYNAMIC, shape.headSize()));
    caches.add(present);
    return present;
  }

  private Tables tables(RotarySettings rotary) {
    String number = tables.isEmpty() ? "" : "." + tables.size();
    return tables.computeIfAbsent(
        rotary,
        key ->
            new Tables(
                table("cos_cache" + number, key, false), table("sin_cache" + number, key, true)));
  }

  private Value table(String name, RotarySettings rotary, boolean sines) {
    Shape size = Shape.of(rotary.positions(), shape.headSize() / 2);
    return graph.constant(name, Tensor.ofFloats(size, rotary.table(shape.headSize(), sines)));
  }

  /** Declares what is kept for the next tokens as outputs, after the logits. */
  void declareCaches() {
    caches.forEach(cache -> graph.keepOutput(cache, TOTAL));
  }
}
