package io.sensorium.language.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokens that begin and end texts, as a package's files say. Immutable.
 *
 * @param end ids that end a text: those of the first of {@code generation_config.json}, {@code
 *     genai_config.json}, {@code config.json} that names any, else the tokenizer's
 * @param addBegin whether the tokenizer's settings want {@code bos_token} before every text; empty
 *     if they leave it to {@code tokenizer.json}
 * @param beginId the id of {@code bos_token}
 * @param names what the tokenizer's settings call its special tokens, {@code bos_token} and others,
 *     and how these are written
 */
record SpecialTokens(
    Set<Integer> end,
    Optional<Boolean> addBegin,
    Optional<Integer> beginId,
    Map<String, String> names) {
  private static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  static SpecialTokens of(ModelPackage model, TokenizerVocabulary vocabulary) {
    JsonNode settings = PackageJson.read(model, "tokenizer_config.json");
    JsonNode map = PackageJson.read(model, "special_tokens_map.json");
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : NAMES) {
      written(settings.path(name))
          .or(() -> written(map.path(name)))
          .ifPresent(token -> names.put(name, token));
    }
    JsonNode addBegin = settings.path("add_bos_token");
    return new SpecialTokens(
        endTokens(model, vocabulary, names),
        addBegin.isBoolean() ? Optional.of(addBegin.booleanValue()) : Optional.empty(),
        id(vocabulary, names, "bos_token"),
        names);
  }

  /**
   * The tokens before every text.
   *
   * @param before what {@code tokenizer.json} puts there
   */
  List<Integer> begin(List<Integer> before) {
    if (addBegin.isEmpty() || beginId.isEmpty()) {
      return before;
    }
    return addBegin.get() ? beginId.stream().toList() : List.of();
  }

  /** A token, or what an object says of it. */
  private static Optional<String> written(JsonNode token) {
    JsonNode content = token.isObject() ? token.path("content") : token;
    return content.isTextual() ? Optional.of(content.textValue()) : Optional.empty();
  }

  private static Set<Integer> endTokens(
      ModelPackage model, TokenizerVocabulary vocabulary, Map<String, String> names) {
    JsonNode config = PackageJson.read(model, "config.json");
    List<JsonNode> candidates =
        List.of(
            PackageJson.read(model, "generation_config.json").path("eos_token_id"),
            PackageJson.read(model, "genai_config.json").path("model").path("eos_token_id"),
            config.path("eos_token_id"),
            config.path("text_config").path("eos_token_id"));
    for (JsonNode candidate : candidates) {
      if (candidate.isInt() || (candidate.isArray() && !candidate.isEmpty())) {
        return ids(candidate, vocabulary.size(), model);
      }
    }
    return id(vocabulary, names, "eos_token").map(Set::of).orElse(Set.of());
  }

  private static Set<Integer> ids(JsonNode value, int size, ModelPackage model) {
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode id : value.isArray() ? value : List.of(value)) {
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= size) {
        throw new ModelLoadException(
            "eos_token_id must be of ids in 0..%d; found %s (model %s)"
                .formatted(size - 1, value, model));
      }
      ids.add(id.intValue());
    }
    return Set.copyOf(ids);
  }

  private static Optional<Integer> id(
      TokenizerVocabulary vocabulary, Map<String, String> names, String name) {
    var id = vocabulary.id(names.getOrDefault(name, ""));
    return id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty();
  }
}
