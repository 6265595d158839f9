package io.sensorium.language;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.language.text.PromptSegment;
import io.sensorium.language.text.PromptTokens;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A prompt as one extension: the rows of all its media under each other. Immutable.
 *
 * @param tokens {@code -1 - r} stands for row {@code r} of the media
 * @param media {@code float32[rows, width]}, borrowed or of its own
 */
record PromptRows(List<Integer> tokens, Optional<Tensor> media) {
  PromptRows {
    tokens = List.copyOf(tokens);
  }

  static PromptRows of(PromptTokens prompt) {
    List<Integer> tokens = new ArrayList<>();
    List<Tensor> media = new ArrayList<>();
    int rows = 0;
    for (PromptSegment segment : prompt.segments()) {
      for (int token : segment.tokens()) {
        tokens.add(token < 0 ? token - rows : token);
      }
      if (segment.media().isPresent()) {
        media.add(segment.media().get());
        rows += (int) segment.media().get().shape().dimension(0);
      }
    }
    return new PromptRows(tokens, media.isEmpty() ? Optional.empty() : Optional.of(stack(media)));
  }

  private static Tensor stack(List<Tensor> media) {
    if (media.size() == 1) {
      return media.getFirst();
    }
    long rows = media.stream().mapToLong(tensor -> tensor.shape().dimension(0)).sum();
    Tensor stacked =
        Tensor.allocate(ElementType.FLOAT32, Shape.of(rows, media.getFirst().shape().dimension(1)));
    long at = 0;
    for (Tensor tensor : media) {
      MemorySegment.copy(tensor.data(), 0, stacked.data(), at, tensor.data().byteSize());
      at += tensor.data().byteSize();
    }
    return stacked;
  }
}
