package io.sensorium.models.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the cards of the default models from templates in which {@code {tower:figure}} stands for
 * a percentage and {@code {pairs:tower}} for a number of pairs. Stateless.
 */
final class ModelCards {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+):([^}]+)}");

  private ModelCards() {}

  /** Writes README.md and metrics.json into every default model's folder. */
  static void write(Path target, Figures figures) {
    for (String model : List.of("world-image", "world-audio", "world-text")) {
      var folder = new CheckpointFolder(target.resolve(model));
      folder.text("README.md", fill(template(model), figures));
      folder.json("metrics.json", figures.of(model.equals("world-audio") ? "audio" : "image"));
    }
  }

  /** Writes README.md and metrics.json into the language model's folder. */
  static void language(Path folder, Figures figures) {
    write(folder, figures, "language");
  }

  /** Writes README.md and metrics.json, with one model's figures, into its folder. */
  static void write(Path folder, Figures figures, String model) {
    var checkpoint = new CheckpointFolder(folder);
    checkpoint.text("README.md", fill(template(folder.getFileName().toString()), figures));
    checkpoint.json("metrics.json", figures.of(model));
  }

  private static String template(String model) {
    String resource = "cards/" + model + ".md";
    try (InputStream stream = ModelCards.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " must be on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + resource, e);
    }
  }

  /** A card with its figures in place. */
  static String fill(String template, Figures figures) {
    return PLACE
        .matcher(template)
        .replaceAll(
            found -> Matcher.quoteReplacement(value(found.group(1), found.group(2), figures)));
  }

  private static String value(String kind, String name, Figures figures) {
    if (kind.equals("pairs")) {
      return String.format(Locale.ROOT, "%,d", figures.pairs(name));
    }
    Map<String, Double> percentages = figures.percentages(kind);
    Double value = percentages.get(name);
    return value == null ? "not measured" : String.format(Locale.ROOT, "%.1f %%", value);
  }
}
