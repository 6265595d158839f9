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
 * The token tensors that a graph names, {@code int64[1,tokens]} each; where the graph fixes the
 * number of tokens, the rest is zeros. Immutable.
 */
final class TokenInputs {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final Set<String> KNOWN = Set.of(IDS, MASK, TYPES);

  private final List<TensorSpec> specs;

  private TokenInputs(List<TensorSpec> specs) {
    this.specs = specs;
  }

  /**
   * @throws ModelLoadException if the graph wants something that no tokenizer answers
   */
  static TokenInputs of(ModelGraph graph) {
    List<TensorSpec> specs = graph.manifest().inputs();
    boolean fits =
        specs.stream().anyMatch(spec -> spec.name().equals(IDS))
            && specs.stream()
                .allMatch(
                    spec ->
                        KNOWN.contains(spec.name())
                            && spec.type() == ElementType.INT64
                            && spec.shape().rank() == 2);
    if (!fits) {
      throw new ModelLoadException(
          "a text model needs int64[n,s] inputs input_ids and, if it likes, attention_mask and "
              + "token_type_ids; got %s (model %s)".formatted(specs, graph));
    }
    return new TokenInputs(specs);
  }

  Map<String, Tensor> tensors(Encoding tokens) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      long[] values =
          switch (spec.name()) {
            case IDS -> tokens.getIds();
            case MASK -> tokens.getAttentionMask();
            default -> tokens.getTypeIds();
          };
      long declared = spec.shape().dimension(1);
      long length = declared == Shape.DYNAMIC ? values.length : declared;
      Tensor tensor = Tensor.allocate(ElementType.INT64, Shape.of(1, length));
      tensor.asLongs().put(values, 0, (int) Math.min(values.length, length));
      tensors.put(spec.name(), tensor);
    }
    return tensors;
  }
}
