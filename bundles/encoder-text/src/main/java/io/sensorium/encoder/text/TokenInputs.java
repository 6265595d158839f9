package io.sensorium.encoder.text;

import ai.djl.huggingface.tokenizers.Encoding;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The token tensors that a graph names, {@code int64[1,tokens]} each, and {@code prompt_length
 * int64[1,1]} where its pooling leaves out the prompt. Immutable.
 */
final class TokenInputs {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final String PROMPT_LENGTH = "prompt_length";
  private static final Set<String> SEQUENCES = Set.of(IDS, MASK, TYPES);

  private final List<TensorSpec> specs;
  private final TokenPadding padding;
  private final long promptLength;

  private TokenInputs(List<TensorSpec> specs, TokenPadding padding, long promptLength) {
    this.specs = specs;
    this.padding = padding;
    this.promptLength = promptLength;
  }

  /** Answers whether an input has one entry a token. */
  static boolean isSequence(String name) {
    return SEQUENCES.contains(name);
  }

  /**
   * Checks what a graph reads.
   *
   * @throws ModelLoadException if the graph wants something that no tokenizer answers
   */
  static void check(ModelGraph graph) {
    List<TensorSpec> specs = graph.manifest().inputs();
    boolean fits =
        specs.stream().anyMatch(spec -> spec.name().equals(IDS))
            && specs.stream()
                .allMatch(
                    spec ->
                        (isSequence(spec.name()) || spec.name().equals(PROMPT_LENGTH))
                            && spec.type() == ElementType.INT64
                            && spec.shape().rank() == 2);
    if (!fits) {
      throw new ModelLoadException(
          "a text model needs int64[n,s] inputs input_ids and, if it likes, attention_mask, "
              + "token_type_ids and prompt_length; got %s (model %s)".formatted(specs, graph));
    }
  }

  /**
   * @param graph that was checked
   * @param promptLength how many tokens of every text are the prompt's
   */
  static TokenInputs of(ModelGraph graph, TokenPadding padding, long promptLength) {
    return new TokenInputs(graph.manifest().inputs(), padding, promptLength);
  }

  Map<String, Tensor> tensors(Encoding tokens) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      tensors.put(
          spec.name(),
          switch (spec.name()) {
            case IDS -> padding.fill(tokens.getIds(), padding.id());
            case MASK -> padding.fill(tokens.getAttentionMask(), 0);
            case TYPES -> padding.fill(tokens.getTypeIds(), 0);
            default -> Tensor.ofLongs(Shape.of(1, 1), promptLength);
          });
    }
    return tensors;
  }
}
