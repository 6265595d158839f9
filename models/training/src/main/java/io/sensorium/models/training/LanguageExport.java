package io.sensorium.models.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** Writes a trained language model as transformers reads it. Stateless. */
final class LanguageExport {
  private LanguageExport() {}

  /**
   * Writes weights in half precision, configuration and tokenizer.
   *
   * @param folder the model's own folder
   */
  static void write(
      Path folder,
      LanguageArchitecture architecture,
      LanguageTokenizer tokenizer,
      List<Parameter> parameters) {
    if (tokenizer.size() != architecture.vocabulary()) {
      throw new IllegalArgumentException(
          "the model knows %d tokens, its tokenizer must too; it has %d"
              .formatted(architecture.vocabulary(), tokenizer.size()));
    }
    var checkpoint = new CheckpointFolder(folder);
    ObjectNode config = architecture.config(ConversationBatches.LONGEST);
    special(config);
    checkpoint.json("config.json", config);
    ObjectNode generation = JsonNodeFactory.instance.objectNode();
    special(generation);
    generation.put("do_sample", false);
    checkpoint.json("generation_config.json", generation);
    checkpoint.json("tokenizer.json", tokenizer.json());
    checkpoint.json(
        "tokenizer_config.json", LanguageTokenizer.configuration(ConversationBatches.LONGEST));
    checkpoint.forgetGolden();
    checkpoint.halfWeights("model.safetensors", parameters);
  }

  private static void special(ObjectNode config) {
    config.put("bos_token_id", LanguageTokenizer.id("<|begin|>"));
    config.put("eos_token_id", LanguageTokenizer.id("<|end|>"));
    config.put("pad_token_id", LanguageTokenizer.id("<|pad|>"));
  }
}
