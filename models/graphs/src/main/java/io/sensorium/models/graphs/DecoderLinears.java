package io.sensorium.models.graphs;

import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The linear layers of a decoder's layers, and what can be added to them while it runs: the inputs
 * that {@link AdaptableDecoder} describes. One thread at a time.
 *
 * <p>The low-rank adapters of all sequences lie one after the other in {@code lora_A} and {@code
 * lora_B}, and of the products with A a sequence keeps those of its own adapter: sequences with
 * different adapters share a run over the weights, as in Sheng et al., "S-LoRA" (arXiv:2311.03285).
 */
final class DecoderLinears {
  private static final String ACTIVE = "lora_active";
  private static final String ADDITIONS = "layer_additions";

  private final Draft draft;
  private final GraphBuilder graph;
  private final Operators operators;
  private final boolean adaptable;
  private final Map<String, Size> sizes = new LinkedHashMap<>();
  private Value active;
  private Value additions;

  /**
   * @param adaptable whether anything can be added
   */
  DecoderLinears(Draft draft, boolean adaptable) {
    this.draft = draft;
    this.graph = draft.graph();
    this.operators = draft.operators();
    this.adaptable = adaptable;
  }

  /** What every layer's linear layers take and give, by their names within the layer. */
  Map<String, Size> sizes() {
    return sizes;
  }

  /**
   * As {@link Layers#linear}.
   *
   * @param layer the prefix of the layer's names, for instance {@code model.layers.0.}
   * @param name within the layer
   */
  Value linear(String layer, String name, Value x, long out, boolean biased) {
    sizes.put(name, new Size((int) x.width(), (int) out));
    Value base = draft.layers().linear(layer + name, x, out, biased);
    return adaptable ? operators.add(layer + name, base, lowRank(layer + name, x, out)) : base;
  }

  private Value lowRank(String name, Value x, long out) {
    String rank = name + ".rank";
    Value down = factor(name + ".lora_A", rank, x.width());
    Value up = factor(name + ".lora_B", rank, out);
    Value owner =
        graph.optionalInput(name + ".lora_owner", rank, Tensor.ofLongs(Shape.of(0)), Shape.DYNAMIC);
    Value rows =
        graph
            .node("Gather")
            .in(active(), owner)
            .with("axis", 2)
            .out(name, ElementType.BOOL, Shape.of(Shape.DYNAMIC, 1, Shape.DYNAMIC));
    Value product = operators.timesTransposed(name, x, down);
    // Not a product with zero: another sequence's overflow must not become a NaN here.
    Value own = operators.where(name, rows, product, graph.scalar(0f), product.shape());
    return operators.times(name, own, up);
  }

  private Value factor(String name, String rank, long width) {
    Tensor none = Tensor.ofFloats(Shape.of(0, width));
    return graph.optionalInput(name, rank, none, Shape.DYNAMIC, width);
  }

  /** {@code bool[batch, 1, adapters]}. */
  private Value active() {
    if (active == null) {
      Tensor none = Tensor.allocate(ElementType.BOOL, Shape.of(1, 1));
      Value given =
          graph.optionalInput(ACTIVE, ACTIVE + "_batch", none, Shape.DYNAMIC, Shape.DYNAMIC);
      active = operators.unsqueeze(ACTIVE, given, 1);
    }
    return active;
  }

  /**
   * A layer's attention with what is added to it.
   *
   * @param name the layer's
   * @param attended {@code [n, s, width]}
   * @param index of the layer
   * @param layers of the decoder
   */
  Value withAddition(String name, Value attended, int index, int layers) {
    if (!adaptable) {
      return attended;
    }
    long width = attended.width();
    if (additions == null) {
      Tensor none = Tensor.allocate(ElementType.FLOAT32, Shape.of(1, layers, width));
      additions =
          graph.optionalInput(ADDITIONS, ADDITIONS + "_batch", none, Shape.DYNAMIC, layers, width);
    }
    Value own = operators.tokens(name + ADDITIONS, additions, index, index + 1);
    return operators.add(name + ADDITIONS, attended, own);
  }
}
