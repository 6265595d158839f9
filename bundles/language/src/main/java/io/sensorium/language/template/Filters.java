package io.sensorium.language.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Jinja2's filters that chat templates use, and transformers' own {@code tojson}. */
final class Filters {
  private Filters() {}

  static Object apply(String filter, Object value, Arguments.Values arguments) {
    return switch (filter) {
      case "trim" ->
          Methods.strip(PythonText.str(value), arguments.text(0, "chars", null), true, true);
      case "string" -> PythonText.str(value);
      case "upper" -> PythonText.str(value).toUpperCase(Locale.ROOT);
      case "lower" -> PythonText.str(value).toLowerCase(Locale.ROOT);
      case "capitalize" -> Methods.capitalized(PythonText.str(value));
      case "title" -> titled(PythonText.str(value));
      case "replace" -> Methods.replace(PythonText.str(value), arguments);
      case "indent" -> indented(PythonText.str(value), arguments);
      case "safe" -> value;
      case "escape", "e" -> escaped(PythonText.str(value));
      case "tojson" -> PythonText.json(value, (int) indent(arguments));
      case "length", "count" -> Python.length(value);
      case "default", "d" -> otherwise(value, arguments);
      case "int" -> integer(value, arguments.get(0, "default", 0L));
      case "float" -> decimal(value, arguments.get(0, "default", 0.0));
      case "abs" -> Python.compare(value, 0L) < 0 ? Python.negative(value) : value;
      case "round" -> rounded(value, Python.integer(arguments.get(0, "precision", 0L)));
      default -> onElements(filter, value, arguments);
    };
  }

  private static Object onElements(String filter, Object value, Arguments.Values arguments) {
    return switch (filter) {
      case "list" -> Python.list(value);
      case "first" ->
          Python.list(value).isEmpty() ? Undefined.INSTANCE : Python.list(value).getFirst();
      case "last" ->
          Python.list(value).isEmpty() ? Undefined.INSTANCE : Python.list(value).getLast();
      case "join" -> joined(value, arguments);
      case "reverse" -> reversed(value);
      case "sort" -> sorted(value, arguments);
      case "unique" -> unique(Python.list(value));
      case "min" -> Collections.min(Python.list(value), Python::compare);
      case "max" -> Collections.max(Python.list(value), Python::compare);
      case "sum" -> Python.list(value).stream().reduce(0L, Python::add);
      case "items" -> items(value);
      case "dictsort" -> sorted(items(value), arguments);
      case "map" -> mapped(value, arguments);
      case "select" -> kept(value, element -> Tests.named(element, arguments.positional()));
      case "reject" -> kept(value, element -> !Tests.named(element, arguments.positional()));
      case "selectattr" -> kept(value, element -> byAttribute(element, arguments));
      case "rejectattr" -> kept(value, element -> !byAttribute(element, arguments));
      default -> throw new TemplateException("No filter named '%s'.".formatted(filter));
    };
  }

  private static long indent(Arguments.Values arguments) {
    Object indent = arguments.get(1, "indent", null);
    return indent == null ? -1 : Math.min(Python.integer(indent), 16);
  }

  private static Object otherwise(Object value, Arguments.Values arguments) {
    boolean forFalse = Python.truth(arguments.get(1, "boolean", false));
    boolean missing = value == Undefined.INSTANCE || (forFalse && !Python.truth(value));
    return missing ? arguments.get(0, "default_value", "") : value;
  }

  private static Object integer(Object value, Object otherwise) {
    try {
      return value instanceof String text
          ? (Object) Long.valueOf(Methods.strip(text, null, true, true))
          : (Object) (Python.whole(value) ? Python.integer(value) : (long) Python.decimal(value));
    } catch (NumberFormatException | ClassCastException | NullPointerException e) {
      return value instanceof String text && decimal(text, null) instanceof Double number
          ? (Object) number.longValue()
          : otherwise;
    }
  }

  private static Object decimal(Object value, Object otherwise) {
    try {
      return value instanceof String text
          ? Double.valueOf(Methods.strip(text, null, true, true))
          : (Double) Python.decimal(value);
    } catch (NumberFormatException | ClassCastException | NullPointerException e) {
      return otherwise;
    }
  }

  private static Object rounded(Object value, long digits) {
    return new BigDecimal(Python.decimal(value))
        .setScale(Math.clamp(digits, 0, 300), RoundingMode.HALF_EVEN)
        .doubleValue();
  }

  private static String titled(String text) {
    StringBuilder result = new StringBuilder();
    boolean within = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      result.append(within ? Character.toLowerCase(c) : Character.toUpperCase(c));
      within = "-({[<".indexOf(c) < 0 && !Methods.isSpace(c);
    }
    return result.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static String indented(String text, Arguments.Values arguments) {
    Object width = arguments.get(0, "width", 4L);
    String margin = width instanceof String given ? given : " ".repeat((int) Python.integer(width));
    boolean first = Python.truth(arguments.get(1, "first", false));
    boolean blank = Python.truth(arguments.get(2, "blank", false));
    StringBuilder result = new StringBuilder();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean moved = i == 0 ? first : blank || !lines[i].isEmpty();
      result.append(i == 0 ? "" : "\n").append(moved ? margin : "").append(lines[i]);
    }
    return result.toString();
  }

  private static String joined(Object value, Arguments.Values arguments) {
    Object attribute = arguments.get(1, "attribute", null);
    List<Object> elements = Python.list(value);
    if (attribute != null) {
      elements = elements.stream().map(element -> attribute(element, attribute)).toList();
    }
    return Methods.joined(PythonText.str(arguments.get(0, "d", "")), elements);
  }

  private static Object reversed(Object value) {
    return value instanceof String
        ? Python.slice(value, null, null, -1L)
        : new ArrayList<>(Python.list(value)).reversed();
  }

  private static List<Object> sorted(Object value, Arguments.Values arguments) {
    Object attribute = arguments.get(2, "attribute", null);
    List<Object> sorted = new ArrayList<>(Python.list(value));
    sorted.sort((a, b) -> order(attribute(a, attribute), attribute(b, attribute)));
    return Python.truth(arguments.get(0, "reverse", false)) ? sorted.reversed() : sorted;
  }

  /** Without regard to case, as Jinja2 sorts; pairs by their first. */
  private static int order(Object a, Object b) {
    if (a instanceof Tuple one && b instanceof Tuple other) {
      return order(one.values().getFirst(), other.values().getFirst());
    }
    return a instanceof String one && b instanceof String other
        ? one.toLowerCase(Locale.ROOT).compareTo(other.toLowerCase(Locale.ROOT))
        : Python.compare(a, b);
  }

  private static List<Object> unique(List<Object> list) {
    List<Object> unique = new ArrayList<>();
    for (Object element : list) {
      if (!Python.contains(unique, element)) {
        unique.add(element);
      }
    }
    return unique;
  }

  private static List<Object> items(Object value) {
    if (value instanceof Map<?, ?> map) {
      return Methods.items(map);
    }
    if (value == Undefined.INSTANCE) {
      return List.of();
    }
    throw new TemplateException("a mapping is required; got a " + PythonText.kind(value));
  }

  private static List<Object> mapped(Object value, Arguments.Values arguments) {
    Object attribute = arguments.get(Integer.MAX_VALUE, "attribute", null);
    Object otherwise = arguments.get(Integer.MAX_VALUE, "default", Undefined.INSTANCE);
    List<Object> mapped = new ArrayList<>();
    for (Object element : Python.list(value)) {
      Object result =
          attribute != null
              ? attribute(element, attribute)
              : apply(PythonText.str(arguments.require(0)), element, arguments.withoutFirst());
      mapped.add(result == Undefined.INSTANCE ? otherwise : result);
    }
    return mapped;
  }

  private static List<Object> kept(Object value, Predicate<Object> test) {
    return Python.list(value).stream()
        .filter(test)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static boolean byAttribute(Object element, Arguments.Values arguments) {
    return Tests.named(
        attribute(element, arguments.require(0)), arguments.withoutFirst().positional());
  }

  /** An element's attribute, with dots between the steps to it; the element itself for null. */
  private static Object attribute(Object element, Object path) {
    Object value = element;
    if (path instanceof String names) {
      for (String name : names.split("\\.", -1)) {
        boolean index = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
        value = Python.item(value, index ? (Object) Long.valueOf(name) : name);
      }
    } else if (path != null) {
      value = Python.item(value, path);
    }
    return value;
  }
}
