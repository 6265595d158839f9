package io.sensorium.host.bench;

import io.sensorium.api.model.Precision;
import java.util.List;

/**
 * How much {@code bench decode} does. Immutable.
 *
 * @param sizes of the models, none twice
 * @param precisions that each is imported in, none twice
 * @param tokens that are decoded for a figure, in [8, 512]
 * @param rounds that a figure is the median of, at least 1
 * @param spinning whether threads wait busily between the operators of a run
 * @param peer a command to measure in turn with ours; empty for none
 */
public record DecodePlan(
    List<RandomLlama> sizes,
    List<Precision> precisions,
    int tokens,
    int rounds,
    boolean spinning,
    List<String> peer) {
  private static final int LEAST_TOKENS = 8;
  private static final int MOST_TOKENS = DecodeTrial.CONTEXT / 2;

  public DecodePlan {
    sizes = List.copyOf(sizes);
    precisions = List.copyOf(precisions);
    peer = List.copyOf(peer);
    if (sizes.isEmpty() || precisions.isEmpty() || rounds < 1) {
      throw new IllegalArgumentException(
          "at least 1 size, 1 precision and 1 round are required; got %s, %s and %d"
              .formatted(sizes, precisions, rounds));
    }
    if (tokens < LEAST_TOKENS || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "%d to %d tokens are required; got %d".formatted(LEAST_TOKENS, MOST_TOKENS, tokens));
    }
  }
}
