package io.sensorium.models.packages;

import io.sensorium.api.ModelLoadException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Typed, strict look-ups in one JSON object; every failure names the document and the full key.
 *
 * @param document where it was read
 * @param prefix the object's own place in the document, empty at the root, else ending with a dot
 * @param tree its values
 */
record JsonNodeReader(String document, String prefix, Map<String, Object> tree) {

  String text(String key) {
    return typed(key, String.class, "a string");
  }

  Optional<Boolean> optionalFlag(String key) {
    return tree.get(key) == null
        ? Optional.empty()
        : Optional.of(typed(key, Boolean.class, "true or false"));
  }

  long integer(String key) {
    return integral(key, required(key));
  }

  Optional<String> optionalText(String key) {
    return tree.get(key) == null ? Optional.empty() : Optional.of(text(key));
  }

  JsonNodeReader object(String key) {
    return node(key, required(key));
  }

  Optional<JsonNodeReader> optionalObject(String key) {
    return tree.get(key) == null ? Optional.empty() : Optional.of(object(key));
  }

  List<JsonNodeReader> objects(String key, int maximum) {
    List<?> list = typed(key, List.class, "a list of objects");
    if (list.size() > maximum) {
      throw wrong(key, "a list of at most " + maximum, list.size() + " entries");
    }
    List<JsonNodeReader> nodes = new ArrayList<>();
    for (Object value : list) {
      nodes.add(node(key + "[" + nodes.size() + "]", value));
    }
    return nodes;
  }

  long[] integers(String key) {
    List<?> list = typed(key, List.class, "a list of integers");
    return list.stream().mapToLong(value -> integral(key, value)).toArray();
  }

  /** Runs a validating constructor and says which key it refused. */
  <T> T checked(String key, Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(
          "'%s' in %s is not valid: %s".formatted(prefix + key, document, e.getMessage()), e);
    }
  }

  void allowOnly(Set<String> keys) {
    for (String key : tree.keySet()) {
      if (!keys.contains(key)) {
        throw new ModelLoadException("unknown key '%s' in %s".formatted(prefix + key, document));
      }
    }
  }

  ModelLoadException wrong(String key, String wanted, Object found) {
    return new ModelLoadException(
        "'%s' in %s must be %s; got %s".formatted(prefix + key, document, wanted, brief(found)));
  }

  private JsonNodeReader node(String key, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(key, "an object", value);
    }
    @SuppressWarnings("unchecked") // the tree comes from a JSON parser: keys are strings
    Map<String, Object> child = (Map<String, Object>) map;
    return new JsonNodeReader(document, prefix + key + ".", child);
  }

  private long integral(String key, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw wrong(key, value instanceof BigInteger ? "a 64-bit integer" : "an integer", value);
  }

  private Object required(String key) {
    Object value = tree.get(key);
    if (value == null) {
      throw new ModelLoadException("'%s' is missing in %s".formatted(prefix + key, document));
    }
    return value;
  }

  private <T> T typed(String key, Class<T> type, String wanted) {
    Object value = required(key);
    if (!type.isInstance(value)) {
      throw wrong(key, wanted, value);
    }
    return type.cast(value);
  }

  private static String brief(Object value) {
    String text = value instanceof String string ? "'" + string + "'" : String.valueOf(value);
    return text.length() <= 120 ? text : text.substring(0, 120) + "...";
  }
}
