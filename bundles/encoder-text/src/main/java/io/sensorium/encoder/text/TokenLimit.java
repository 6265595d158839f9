package io.sensorium.encoder.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Shape;
import java.util.List;
import java.util.OptionalLong;

/** How many tokens a package's model reads, special tokens included. */
final class TokenLimit {
  private static final List<String> SETTINGS =
      List.of("max_seq_length", "model_max_length", "max_length");
  private static final long DEFAULT = 512;

  /** More than any text encoder reads; what tokenizer files say who know no limit is above. */
  private static final long LARGEST = 131_072;

  private TokenLimit() {}

  /**
   * The smallest of what the package's settings, its {@code sentence_bert_config.json}, its {@code
   * tokenizer_config.json} and its graph say; 512 if all are silent.
   */
  static int of(ModelGraph graph) {
    ModelPackage model = graph.model();
    GraphManifest manifest = graph.manifest();
    long limit = Long.MAX_VALUE;
    for (String key : SETTINGS) {
      limit = Math.min(limit, declared(manifest.preprocessing(), key));
    }
    limit = Math.min(limit, inFile(model, "sentence_bert_config.json", "max_seq_length"));
    limit = Math.min(limit, inFile(model, "tokenizer_config.json", "model_max_length"));
    OptionalLong fixed =
        manifest.inputs().stream()
            .filter(spec -> TokenInputs.isSequence(spec.name()))
            .mapToLong(spec -> spec.shape().dimension(1))
            .filter(length -> length != Shape.DYNAMIC)
            .min();
    limit = Math.min(limit, fixed.orElse(Long.MAX_VALUE));
    return (int) (limit > LARGEST ? DEFAULT : limit);
  }

  private static long declared(Settings settings, String key) {
    return settings.find(key).isPresent() ? positive(settings.decimal(key), key) : Long.MAX_VALUE;
  }

  private static long inFile(ModelPackage model, String file, String key) {
    JsonNode value = PackageJson.value(model, file, key);
    return value.isNumber() ? positive(value.doubleValue(), file + ": " + key) : Long.MAX_VALUE;
  }

  private static long positive(double value, String key) {
    if (!(value >= 1)) {
      throw new ModelLoadException("'%s' must be at least 1 token; got %s".formatted(key, value));
    }
    return (long) value;
  }
}
