package io.sensorium.api.language;

import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/** A piece of a prompt. Pieces stand in the order in which the model shall read them. Immutable. */
public sealed interface PromptPart {
  /**
   * Words, which the model's tokenizer cuts into tokens.
   *
   * @param text well-formed Unicode
   */
  record Text(String text) implements PromptPart {
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * Ids of the model's vocabulary, taken as they are.
   *
   * @param ids at least one
   */
  record Tokens(List<Integer> ids) implements PromptPart {
    public Tokens {
      ids = List.copyOf(ids);
      if (ids.isEmpty()) {
        throw new IllegalArgumentException("at least one token id is required; got none");
      }
    }
  }

  /**
   * What an adapter made of a picture or a sound.
   *
   * @param sense what the chat template is told it is, for instance {@code image} or {@code audio}
   * @param rows {@code float32[rows, width]}, {@link LanguageModel#mediaWidth()} wide, each in the
   *     place of a token; borrowed until the answer is there
   */
  record Media(String sense, Tensor rows) implements PromptPart {
    public Media {
      Objects.requireNonNull(sense, "sense");
      Objects.requireNonNull(rows, "rows");
    }
  }
}
