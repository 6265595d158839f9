package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The ranks and scales that peft's configuration of a LoRA gives each layer. Immutable.
 *
 * @param rank of layers that no pattern names
 * @param alpha likewise
 * @param rankPatterns in order; the first that matches the end of a layer's name counts
 * @param alphaPatterns likewise
 * @param rootScaled whether the product is scaled by {@code alpha / sqrt(rank)} instead of {@code
 *     alpha / rank}. Kalajdzievski, "A Rank Stabilization Scaling Factor" (arXiv:2312.03732)
 */
record PeftScale(
    int rank,
    double alpha,
    Map<Pattern, Double> rankPatterns,
    Map<Pattern, Double> alphaPatterns,
    boolean rootScaled) {
  private static final int MAX_PATTERN = 500;

  /** Kinds of LoRA that compute something else, and what their settings are where they are off. */
  private static final Map<String, List<Object>> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("use_dora", List.of(false)),
          Map.entry("use_qalora", List.of(false)),
          Map.entry("lora_bias", List.of(false)),
          Map.entry("fan_in_fan_out", List.of(false)),
          Map.entry("bias", List.of("none")),
          Map.entry("modules_to_save", List.of(List.of())),
          Map.entry("target_parameters", List.of(List.of())),
          Map.entry("trainable_token_indices", List.of(List.of(), Map.of())),
          Map.entry("layer_replication", List.of(List.of())),
          Map.entry("alora_invocation_tokens", List.of(List.of())),
          Map.entry("arrow_config", List.of()),
          Map.entry("use_bdlora", List.of(false)));

  /** Initialisations after which the base's own weights were changed, too. */
  private static final Pattern CHANGES_BASE =
      Pattern.compile("(pissa|olora|corda|loftq|lora_ga).*", Pattern.CASE_INSENSITIVE);

  /** Reads a configuration, noting what is not supported. */
  static PeftScale read(Settings config, Problems problems) {
    String type = config.text("peft_type", "");
    if (!type.equals("LORA")) {
      problems.add("'peft_type' must be LORA; got '%s'".formatted(type));
    }
    UNSUPPORTED.forEach(
        (key, off) -> {
          Object found = config.find(key).orElse(null);
          if (found != null && !off.contains(found)) {
            problems.add("'%s' is not supported; got %s".formatted(key, found));
          }
        });
    if (config.find("init_lora_weights").orElse(null) instanceof String start
        && CHANGES_BASE.matcher(start).matches()) {
      problems.add(
          "'init_lora_weights' %s changes the base's weights, too: save the adapter with peft's conversion to a plain LoRA"
              .formatted(start));
    }
    return new PeftScale(
        (int) number(config, "r", problems),
        number(config, "lora_alpha", problems),
        patterns(config, "rank_pattern", problems),
        patterns(config, "alpha_pattern", problems),
        config.flag("use_rslora", false));
  }

  private static double number(Settings config, String key, Problems problems) {
    if (config.find(key).orElse(null) instanceof Number number
        && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    problems.add("'%s' must be a number; got %s".formatted(key, config.find(key).orElse(null)));
    return 1;
  }

  private static Map<Pattern, Double> patterns(Settings config, String key, Problems problems) {
    Map<Pattern, Double> patterns = new LinkedHashMap<>();
    if (config.find(key).orElse(Map.of()) instanceof Map<?, ?> found) {
      found.forEach(
          (pattern, value) -> {
            if (value instanceof Number number && pattern.toString().length() <= MAX_PATTERN) {
              try {
                patterns.put(
                    Pattern.compile("(?:.*\\.)?(?:" + pattern + ")"), number.doubleValue());
              } catch (PatternSyntaxException e) {
                problems.add("'%s' of %s is no pattern".formatted(pattern, key));
              }
            } else {
              problems.add(
                  "%s must map patterns of up to %d characters to numbers; got %s"
                      .formatted(key, MAX_PATTERN, value));
            }
          });
    }
    return patterns;
  }

  /** The rank of a layer, by its full name. */
  int rank(String name) {
    return (int) find(rankPatterns, name, rank);
  }

  /** What the product of a layer's factors is multiplied by. */
  double of(String name, int itsRank) {
    double own = find(alphaPatterns, name, alpha);
    return own / (rootScaled ? Math.sqrt(itsRank) : itsRank);
  }

  private static double find(Map<Pattern, Double> patterns, String name, double otherwise) {
    for (Map.Entry<Pattern, Double> pattern : patterns.entrySet()) {
      if (pattern.getKey().matcher(new BoundedName(name)).matches()) {
        return pattern.getValue();
      }
    }
    return otherwise;
  }
}
