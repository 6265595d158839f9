package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.Context;
import java.util.HashMap;
import java.util.Map;

/** A template's variables in the library's context, which does not tell null from nothing. */
final class Variables {
  private static final Object NONE = new Object();

  private Variables() {}

  static Object get(Context context, String name) {
    Object value = context.get(name);
    return value == null ? Undefined.INSTANCE : value == NONE ? null : value;
  }

  static void put(Context context, String name, Object value) {
    context.put(name, stored(value));
  }

  /** How a value is kept. */
  static Object stored(Object value) {
    return value == null ? NONE : value;
  }

  /** A copy as it is kept. */
  static Map<String, Object> stored(Map<String, ?> variables) {
    Map<String, Object> stored = new HashMap<>();
    variables.forEach((name, value) -> stored.put(name, stored(value)));
    return stored;
  }
}
