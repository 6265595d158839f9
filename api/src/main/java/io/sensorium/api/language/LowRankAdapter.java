package io.sensorium.api.language;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * Low-rank changes of linear layers: where the model has {@code W x}, it then has {@code W x + B A
 * x}. Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (arXiv:2106.09685).
 * Immutable; the tensors are borrowed.
 *
 * @param name for whom, in messages and in the memory ledger; for instance {@code pirate 1}
 * @param linears what is added, by the full name of the layer, for instance {@code
 *     model.layers.0.self_attn.q_proj}; at least one
 */
public record LowRankAdapter(String name, Map<String, Factors> linears) {
  public LowRankAdapter {
    Objects.requireNonNull(name, "name");
    linears = Map.copyOf(linears);
    if (linears.isEmpty()) {
      throw new IllegalArgumentException(
          "adapter %s must change at least one layer".formatted(name));
    }
  }

  /**
   * The two factors of one change.
   *
   * @param down {@code A float32[rank, in]}
   * @param up {@code B} transposed, {@code float32[rank, out]}, with every scale in it
   */
  public record Factors(Tensor down, Tensor up) {
    public Factors {
      boolean fits =
          down.type() == ElementType.FLOAT32
              && up.type() == ElementType.FLOAT32
              && down.shape().rank() == 2
              && up.shape().rank() == 2
              && down.shape().dimension(0) > 0
              && down.shape().dimension(0) == up.shape().dimension(0);
      if (!fits) {
        throw new IllegalArgumentException(
            "low-rank factors must be float32[rank,in] and float32[rank,out]; got %s%s and %s%s"
                .formatted(down.type(), down.shape(), up.type(), up.shape()));
      }
    }

    /** How many rows either factor has. */
    public int rank() {
      return (int) down.shape().dimension(0);
    }

    /** Answers whether they change a layer of that size. */
    public boolean fits(AdaptableDecoder.Size size) {
      return down.shape().equals(Shape.of(rank(), size.in()))
          && up.shape().equals(Shape.of(rank(), size.out()));
    }

    /** What both factors hold. */
    public long bytes() {
      return down.data().byteSize() + up.data().byteSize();
    }
  }

  /** What all factors hold. */
  public long bytes() {
    return linears.values().stream().mapToLong(Factors::bytes).sum();
  }
}
