package io.sensorium.api.language;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model says after an extension. Whoever gets one may write over it.
 *
 * @param logits of what follows the last token, {@link LanguageModel#vocabularySize()} numbers
 * @param hiddenStates {@code float32[tokens, width]} with {@link LanguageModel#hiddenWidth()}
 *     columns, one row for every token of the extension: what the model's last norm gives, from
 *     which logits are computed; empty if they were not wanted
 */
public record Prediction(FloatBuffer logits, Optional<Tensor> hiddenStates) {
  public Prediction {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(hiddenStates, "hiddenStates");
  }

  /** Logits alone. */
  public Prediction(FloatBuffer logits) {
    this(logits, Optional.empty());
  }

  /**
   * What an extension would have given in one piece.
   *
   * @param pieces of it, in order, at least one; all of them with hidden states, or none
   */
  public static Prediction join(List<Prediction> pieces) {
    FloatBuffer last = pieces.getLast().logits();
    if (pieces.size() == 1 || pieces.getLast().hiddenStates().isEmpty()) {
      return pieces.getLast();
    }
    List<Tensor> states = pieces.stream().map(piece -> piece.hiddenStates().orElseThrow()).toList();
    long rows = states.stream().mapToLong(state -> state.shape().dimension(0)).sum();
    Tensor joined =
        Tensor.allocate(
            ElementType.FLOAT32, Shape.of(rows, states.getFirst().shape().dimension(1)));
    long at = 0;
    for (Tensor state : states) {
      MemorySegment.copy(state.data(), 0, joined.data(), at, state.data().byteSize());
      at += state.data().byteSize();
    }
    return new Prediction(last, Optional.of(joined));
  }
}
