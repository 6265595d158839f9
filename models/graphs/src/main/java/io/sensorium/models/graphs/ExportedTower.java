package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an exported graph can be, told by its inputs.
 *
 * @param graphName the graph's name in the package
 * @param modality what it reads
 * @param inputs what an encoder of that modality gives
 * @param embeddings the outputs that are an embedding by their names, the best first
 */
record ExportedTower(
    String graphName, Modality modality, Set<String> inputs, List<String> embeddings) {
  static final ExportedTower IMAGE =
      new ExportedTower(
          "vision",
          Modality.IMAGE,
          Set.of("pixel_values"),
          List.of("image_embeds", "pooler_output"));
  static final ExportedTower TEXT =
      new ExportedTower(
          "text",
          Modality.TEXT,
          Set.of("input_ids", "attention_mask", "token_type_ids"),
          List.of("sentence_embedding", "text_embeds"));
  static final ExportedTower AUDIO =
      new ExportedTower(
          "audio",
          Modality.AUDIO,
          Set.of("input_values", "input_features"),
          List.of("audio_embeds", "pooler_output"));
  static final List<ExportedTower> ALL = List.of(IMAGE, TEXT, AUDIO);

  /** Answers whether an encoder of this modality gives that input. */
  boolean gives(String input) {
    return inputs.contains(input);
  }

  /** The output that is the embedding by its name, if there is one. */
  Optional<Value> embedding(OnnxExport export) {
    return embeddings.stream().flatMap(name -> export.output(name, 2).stream()).findFirst();
  }

  /** The name of an embedding that has to be made of the tokens. */
  String pooledName() {
    return embeddings.getFirst();
  }

  /**
   * Makes an embedding of the last hidden state: the class token of a picture, the mean of a sound,
   * both of length 1, or the mean of a text's tokens, as Sentence-Transformers takes it.
   *
   * @param states {@code [n, s, d]}
   * @return empty if that cannot be told
   */
  Optional<Value> pool(GraphBuilder graph, Value states) {
    String layer = pooledName() + ".pooling";
    if (equals(TEXT)) {
      return graph.inputs().stream()
          .filter(input -> input.name().equals("attention_mask"))
          .map(input -> new Value(input.name(), input.type(), input.shape()))
          .map(mask -> new TokenPooling(graph, mask).mean(layer, states))
          .findFirst();
    }
    Operators operators = new Operators(graph);
    Value pooled =
        equals(IMAGE) ? operators.token(layer, states, 0) : operators.meanToken(layer, states);
    return Optional.of(operators.unitRows(layer, pooled));
  }

  /** The shape that an input must have, with what the configuration tells of it. */
  Shape shape(TensorSpec input, ExportedSizes sizes) {
    int rank = input.shape().rank();
    return switch (input.name()) {
      case "pixel_values" -> rank == 4 ? sizes.picture() : input.shape();
      case "input_values" -> rank == 3 ? sizes.spectrogramByTime() : input.shape();
      case "input_features" -> rank == 3 ? sizes.spectrogramByPitch() : input.shape();
      default -> input.shape();
    };
  }
}
