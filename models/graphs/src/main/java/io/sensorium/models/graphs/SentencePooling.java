package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a Pooling module of Sentence-Transformers does: one or several ways of pooling, one beside
 * the other.
 *
 * @param modes at least one, in the order of their vectors
 * @param includesPrompt whether the tokens of a prompt are pooled too
 */
record SentencePooling(List<String> modes, boolean includesPrompt) {
  private static final String CLS = "cls";
  private static final String MEAN = "mean";

  /** Configurations before version 6 have a flag for every mode; vectors follow in this order. */
  private static final Map<String, String> FLAGS = flags();

  private static Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("pooling_mode_cls_token", CLS);
    flags.put("pooling_mode_max_tokens", "max");
    flags.put("pooling_mode_mean_tokens", MEAN);
    flags.put("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens");
    flags.put("pooling_mode_weightedmean_tokens", "weightedmean");
    flags.put("pooling_mode_lasttoken", "lasttoken");
    return flags;
  }

  /** Reads the module's {@code config.json}. */
  static SentencePooling read(Settings config) {
    List<String> modes = new ArrayList<>();
    Object named = config.find("pooling_mode").orElse(null);
    if (named instanceof List<?> several) {
      several.forEach(mode -> modes.add(String.valueOf(mode)));
    } else if (named != null) {
      modes.add(named.toString());
    } else {
      FLAGS.forEach(
          (key, mode) -> {
            if (config.flag(key, false)) {
              modes.add(mode);
            }
          });
    }
    if (modes.isEmpty()) {
      modes.add(MEAN);
    }
    return new SentencePooling(List.copyOf(modes), config.flag("include_prompt", true));
  }

  /** Answers whether nothing but the sequence's first token is read. */
  boolean readsFirstTokenOnly() {
    return includesPrompt && modes.equals(List.of(CLS));
  }

  /**
   * Pools.
   *
   * @param x {@code [n, s, d]}
   * @param mask {@code int64[n, s]}, 0 for padding and what else is left out
   * @return {@code [n, modes * d]}
   */
  Value write(GraphBuilder graph, String layer, Value x, Value mask, Problems problems) {
    Value pooled = null;
    for (String mode : modes) {
      Value vector = pool(graph, layer + "." + mode, mode, x, mask, problems);
      pooled =
          pooled == null ? vector : new Operators(graph).concat(layer + ".all", 1, pooled, vector);
    }
    return pooled;
  }

  private Value pool(
      GraphBuilder graph, String layer, String mode, Value x, Value mask, Problems problems) {
    TokenPooling pooling = new TokenPooling(graph, mask);
    return switch (mode) {
      case CLS ->
          includesPrompt ? new Operators(graph).token(layer, x, 0) : pooling.first(layer, x);
      case "max" -> pooling.max(layer, x);
      case MEAN -> pooling.mean(layer, x);
      case "mean_sqrt_len_tokens" -> pooling.meanBySquareRoot(layer, x);
      case "weightedmean" -> pooling.weightedMean(layer, x);
      case "lasttoken" -> pooling.last(layer, x);
      default -> {
        problems.add("pooling_mode must be one of %s; got '%s'".formatted(FLAGS.values(), mode));
        yield new Operators(graph).token(layer, x, 0);
      }
    };
  }
}
