package io.sensorium.api.model;

import io.sensorium.api.ModelLoadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A read-only tree of JSON values with typed look-ups by dotted path. Immutable.
 *
 * <p>Objects are {@link Map}s, arrays {@link List}s, numbers {@link Number}s. A look-up of a
 * missing or wrongly typed value without a default throws one {@link ModelLoadException} that names
 * the path and the document.
 */
public final class Settings {
  private final String document;
  private final Map<String, Object> root;

  private Settings(String document, Map<String, Object> root) {
    this.document = document;
    this.root = root;
  }

  /**
   * Settings over a tree, which must not be changed afterwards.
   *
   * @param document where it was read, for messages
   */
  public static Settings of(String document, Map<String, Object> root) {
    return new Settings(document, java.util.Collections.unmodifiableMap(root));
  }

  /** The raw value at a dotted path; empty if absent or null. */
  public Optional<Object> find(String path) {
    Object node = root;
    for (String key : path.split("\\.", -1)) {
      if (!(node instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      node = map.get(key);
    }
    return Optional.ofNullable(node);
  }

  public String text(String path) {
    return typed(path, String.class);
  }

  public String text(String path, String otherwise) {
    return find(path).isPresent() ? text(path) : otherwise;
  }

  public int integer(String path) {
    return typed(path, Number.class).intValue();
  }

  public int integer(String path, int otherwise) {
    return find(path).isPresent() ? integer(path) : otherwise;
  }

  public double decimal(String path) {
    return typed(path, Number.class).doubleValue();
  }

  public double decimal(String path, double otherwise) {
    return find(path).isPresent() ? decimal(path) : otherwise;
  }

  public boolean flag(String path, boolean otherwise) {
    return find(path).isPresent() ? typed(path, Boolean.class) : otherwise;
  }

  /** A list of numbers. */
  public List<Double> decimals(String path) {
    List<Double> values = new ArrayList<>();
    for (Object value : typed(path, List.class)) {
      if (!(value instanceof Number number)) {
        throw wrong(path, "a list of numbers", value);
      }
      values.add(number.doubleValue());
    }
    return List.copyOf(values);
  }

  /** The whole tree, unmodifiable. */
  public Map<String, Object> asMap() {
    return root;
  }

  private <T> T typed(String path, Class<T> type) {
    Object value = find(path).orElseThrow(() -> wrong(path, type.getSimpleName(), null));
    if (!type.isInstance(value)) {
      throw wrong(path, type.getSimpleName(), value);
    }
    return type.cast(value);
  }

  private ModelLoadException wrong(String path, String wanted, Object found) {
    return new ModelLoadException(
        "'%s' in %s must be %s; got %s".formatted(path, document, wanted, found));
  }
}
