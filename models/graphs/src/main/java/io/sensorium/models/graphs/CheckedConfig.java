package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a checkpoint's configuration and notes what is missing or strange instead of throwing, so
 * that all of it can be told at once. What it then returns is only good for going on.
 */
final class CheckedConfig {
  private static final int MAX_SIZE = 1 << 24;

  private final Settings settings;
  private final Problems problems;
  private final String path;

  CheckedConfig(Settings settings, Problems problems) {
    this(settings, problems, "");
  }

  private CheckedConfig(Settings settings, Problems problems, String path) {
    this.settings = settings;
    this.problems = problems;
    this.path = path;
  }

  /** The object under a key; an empty one if there is none. */
  CheckedConfig nested(String key) {
    Object value = settings.find(key).orElse(Map.of());
    if (!(value instanceof Map<?, ?>)) {
      problems.add("%s%s must be an object; got %s".formatted(path, key, value));
      value = Map.of();
    }
    Map<String, Object> object = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((name, inner) -> object.put((String) name, inner));
    return new CheckedConfig(Settings.of(path + key, object), problems, path + key + ".");
  }

  /**
   * The same configuration with what the reference takes where nothing is said; nested objects are
   * often written without what equals the default.
   */
  CheckedConfig orElse(Map<String, Object> defaults) {
    Map<String, Object> filled = new LinkedHashMap<>(defaults);
    settings
        .asMap()
        .forEach(
            (key, value) -> {
              if (value != null) {
                filled.put(key, value);
              }
            });
    return new CheckedConfig(Settings.of(path, filled), problems, path);
  }

  /**
   * The same configuration under other names of its keys.
   *
   * @param keys the configuration's own names by those to ask for
   */
  CheckedConfig renamed(Map<String, String> keys) {
    Map<String, Object> named = new LinkedHashMap<>(settings.asMap());
    keys.forEach((asked, own) -> settings.find(own).ifPresent(value -> named.put(asked, value)));
    return new CheckedConfig(Settings.of(path, named), problems, path);
  }

  boolean has(String key) {
    return settings.find(key).isPresent();
  }

  /** A size or count, at least 1. */
  int size(String key) {
    return checkedSize(key, settings.find(key).orElse(null), MAX_SIZE);
  }

  /** A size or count, at least 1, with the reference's default. */
  int size(String key, int otherwise) {
    return has(key) ? size(key) : otherwise;
  }

  /** An index, at least 0. */
  int index(String key) {
    Object value = settings.find(key).orElse(null);
    return value instanceof Number number && number.doubleValue() == 0
        ? 0
        : checkedSize(key, value, MAX_SIZE);
  }

  /** A count that the graph's length grows with. */
  int layers(String key) {
    return checkedSize(key, settings.find(key).orElse(null), 1000);
  }

  /** As {@link #size}, of what memory or the graph grows with. */
  int size(String key, int otherwise, int limit) {
    return has(key) ? checkedSize(key, settings.find(key).orElse(null), limit) : otherwise;
  }

  /** A list of sizes or counts, with at least one entry. */
  List<Integer> sizes(String key, int limit) {
    Object value = settings.find(key).orElse(null);
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      reject(key, "a list of integers");
      return List.of(1);
    }
    return list.stream().map(entry -> checkedSize(key, entry, limit)).toList();
  }

  /** Height and width, given as one number or as a pair. */
  Extent extent(String key) {
    Object value = settings.find(key).orElse(null);
    if (value instanceof List<?> pair && pair.size() == 2) {
      return new Extent(
          checkedSize(key, pair.get(0), MAX_SIZE), checkedSize(key, pair.get(1), MAX_SIZE));
    }
    int side = checkedSize(key, value, MAX_SIZE);
    return new Extent(side, side);
  }

  /** Height and width of the patches that something, of every given size, is cut into. */
  Extent patch(String key, Extent... wholes) {
    Extent patch = extent(key);
    if (!Arrays.stream(wholes).allMatch(whole -> whole.holds(patch))) {
      reject(key, "at most the size of what is cut");
      return new Extent(1, 1);
    }
    return patch;
  }

  double decimal(String key, double otherwise) {
    return noted(() -> settings.decimal(key, otherwise), otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return noted(() -> settings.flag(key, otherwise), otherwise);
  }

  String text(String key, String otherwise) {
    return noted(() -> settings.text(key, otherwise), otherwise);
  }

  /** One of a few words. */
  String choice(String key, String otherwise, Set<String> words) {
    String word = text(key, otherwise);
    if (words.contains(word)) {
      return word;
    }
    reject(key, "one of " + new TreeSet<>(words));
    return otherwise;
  }

  /** A list of numbers. */
  List<Double> decimals(String key, List<Double> otherwise) {
    return has(key) ? noted(() -> settings.decimals(key), otherwise) : otherwise;
  }

  /** A list of words; empty if there is none. */
  List<String> words(String key) {
    Object value = settings.find(key).orElse(List.of());
    if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      reject(key, "a list of words");
      return List.of();
    }
    return list.stream().map(String.class::cast).toList();
  }

  /** Notes a feature that the family cannot honour, unless it is off. */
  void requireUnset(String key) {
    if (has(key) && !Boolean.FALSE.equals(settings.find(key).orElseThrow())) {
      reject(key, "absent");
    }
  }

  /** The name of an activation function. */
  Activation activation(String key, String otherwise) {
    return activation(key, text(key, otherwise), "");
  }

  /** The name of a torch class, for instance {@code torch.nn.modules.activation.GELU}. */
  Activation torchActivation(String key) {
    String name = text(key, "Tanh");
    int dot = name.lastIndexOf('.') + 1;
    return activation(key, name.substring(dot), name.substring(0, dot));
  }

  private Activation activation(String key, String name, String module) {
    return Activation.named(name)
        .orElseGet(
            () -> {
              problems.add(
                  "%s%s must be one of %s; got '%s%s'"
                      .formatted(path, key, Activation.NAMES, module, name));
              return Activation.GELU;
            });
  }

  /** Notes a value that the family cannot honour. */
  void reject(String key, String required) {
    problems.add(
        "%s%s must be %s; got %s"
            .formatted(path, key, required, settings.find(key).orElse("nothing")));
  }

  private int checkedSize(String key, Object value, int limit) {
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= 1
        && number.doubleValue() <= limit) {
      return number.intValue();
    }
    problems.add("%s%s must be an integer in [1, %d]; got %s".formatted(path, key, limit, value));
    return 1;
  }

  private <T> T noted(java.util.function.Supplier<T> read, T otherwise) {
    try {
      return read.get();
    } catch (ModelLoadException e) {
      problems.add(e.getMessage());
      return otherwise;
    }
  }
}
