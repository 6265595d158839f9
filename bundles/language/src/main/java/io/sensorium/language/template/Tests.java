package io.sensorium.language.template;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jinja2's tests: what {@code is} asks. */
final class Tests {
  private Tests() {}

  static boolean holds(String test, Object value, Arguments.Values arguments) {
    return switch (test) {
      case "defined" -> value != Undefined.INSTANCE;
      case "undefined" -> value == Undefined.INSTANCE;
      case "none" -> value == null;
      case "string" -> value instanceof String;
      case "number" -> Python.number(value);
      case "integer" -> Python.whole(value) && !(value instanceof Boolean);
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "mapping" -> value instanceof Map;
      case "iterable" -> isSequence(value) || value == Undefined.INSTANCE;
      case "sequence" -> isSequence(value);
      case "callable" -> false;
      case "odd" -> Math.floorMod(Python.integer(value), 2) == 1;
      case "even" -> Math.floorMod(Python.integer(value), 2) == 0;
      case "divisibleby" ->
          Math.floorMod(Python.integer(value), Python.integer(arguments.require(0))) == 0;
      case "eq", "equalto", "==" -> Python.equal(value, arguments.require(0));
      case "ne", "!=" -> !Python.equal(value, arguments.require(0));
      case "sameas" -> value == arguments.require(0) || Python.equal(value, arguments.require(0));
      case "in" -> Python.contains(arguments.require(0), value);
      case "lt", "lessthan", "<" -> Python.compare(value, arguments.require(0)) < 0;
      case "le", "<=" -> Python.compare(value, arguments.require(0)) <= 0;
      case "gt", "greaterthan", ">" -> Python.compare(value, arguments.require(0)) > 0;
      case "ge", ">=" -> Python.compare(value, arguments.require(0)) >= 0;
      case "lower" -> PythonText.str(value).equals(PythonText.str(value).toLowerCase(Locale.ROOT));
      case "upper" -> PythonText.str(value).equals(PythonText.str(value).toUpperCase(Locale.ROOT));
      default -> throw new TemplateException("No test named '%s'.".formatted(test));
    };
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || (value instanceof Collection && value != Undefined.INSTANCE)
        || value instanceof Tuple
        || value instanceof Map;
  }

  /** A test by its name as the first argument, or whether a value is true if there is none. */
  static boolean named(Object value, List<Object> test) {
    return test.isEmpty()
        ? Python.truth(value)
        : holds(
            PythonText.str(test.getFirst()),
            value,
            new Arguments.Values(test.subList(1, test.size()), Map.of()));
  }
}
