package io.sensorium.api.language;

import io.sensorium.api.language.DecodingStrategy.Beam;
import io.sensorium.api.language.DecodingStrategy.Contrastive;
import io.sensorium.api.language.DecodingStrategy.EarlyStopping;
import io.sensorium.api.language.DecodingStrategy.Greedy;
import io.sensorium.api.language.DecodingStrategy.Sample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads a strategy as it is written on a command line. Used once. */
final class StrategyWords {
  private static final String ALLOWED =
      "greedy; sample with temperature, top-k, top-p, min-p, typical-p, seed; beam with width,"
          + " length-penalty, early-stopping; contrastive with top-k, alpha";
  private static final Map<String, EarlyStopping> STOPPING =
      Map.of(
          "true", EarlyStopping.WHEN_FULL,
          "false", EarlyStopping.UNLIKELY_BETTER,
          "never", EarlyStopping.NEVER_BETTER);

  private final String text;
  private final Map<String, String> settings = new LinkedHashMap<>();

  private StrategyWords(String text) {
    this.text = text;
  }

  static DecodingStrategy parse(String text) {
    try {
      return new StrategyWords(text).read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a strategy must be NAME[,SETTING=VALUE...], one of %s; got '%s': %s"
              .formatted(ALLOWED, text, e.getMessage()),
          e);
    }
  }

  private DecodingStrategy read() {
    String[] words = text.split(",", -1);
    for (int i = 1; i < words.length; i++) {
      String[] setting = words[i].split("=", 2);
      if (setting.length < 2) {
        throw new IllegalArgumentException("'%s' has no value".formatted(words[i].strip()));
      }
      if (settings.put(setting[0].strip(), setting[1].strip()) != null) {
        throw new IllegalArgumentException("'%s' comes twice".formatted(setting[0].strip()));
      }
    }
    DecodingStrategy strategy =
        switch (words[0].strip()) {
          case "greedy" -> new Greedy();
          case "sample" -> sample();
          case "beam" -> beam();
          case "contrastive" ->
              new Contrastive(
                  setting("top-k", 4, Integer::valueOf), setting("alpha", 0.6, Double::valueOf));
          default ->
              throw new IllegalArgumentException("'%s' is no strategy".formatted(words[0].strip()));
        };
    if (!settings.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no setting '%s'"
              .formatted(words[0].strip(), settings.keySet().iterator().next()));
    }
    return strategy;
  }

  private Sample sample() {
    return new Sample(
        setting("temperature", 1.0, Double::valueOf),
        setting("top-k", 0, Integer::valueOf),
        setting("top-p", 1.0, Double::valueOf),
        setting("min-p", 0.0, Double::valueOf),
        setting("typical-p", 1.0, Double::valueOf),
        setting("seed", OptionalLong.empty(), seed -> OptionalLong.of(Long.parseLong(seed))));
  }

  private Beam beam() {
    return new Beam(
        setting("width", 4, Integer::valueOf),
        setting("length-penalty", 1.0, Double::valueOf),
        setting("early-stopping", EarlyStopping.UNLIKELY_BETTER, STOPPING::get));
  }

  private <T> T setting(String name, T otherwise, Function<String, T> reading) {
    String value = settings.remove(name);
    if (value == null) {
      return otherwise;
    }
    T read = null;
    try {
      read = reading.apply(value);
    } catch (NumberFormatException e) {
      // Told below, as for words.
    }
    if (read == null) {
      throw new IllegalArgumentException("'%s' cannot be %s".formatted(value, name));
    }
    return read;
  }
}
