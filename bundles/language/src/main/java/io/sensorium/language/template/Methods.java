package io.sensorium.language.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** The methods of Python's strings and maps that change nothing; templates can call no others. */
final class Methods {
  private Methods() {}

  static Object call(Object value, String method, Arguments.Values arguments) {
    return switch (value) {
      case String text -> onText(text, method, arguments);
      case Map<?, ?> map -> onMap(map, method, arguments);
      case null, default -> throw none(value, method);
    };
  }

  private static TemplateException none(Object value, String method) {
    return new TemplateException(
        "'%s object' has no attribute '%s' that a template may call"
            .formatted(PythonText.kind(value), method));
  }

  private static Object onMap(Map<?, ?> map, String method, Arguments.Values arguments) {
    return switch (method) {
      case "get" ->
          map.containsKey(arguments.require(0))
              ? map.get(arguments.require(0))
              : arguments.get(1, "default", null);
      case "items" -> items(map);
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<Object>(map.values());
      default -> throw none(map, method);
    };
  }

  /** Keys and values in pairs. */
  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(new Tuple(pair(key, value))));
    return items;
  }

  static List<Object> pair(Object one, Object other) {
    List<Object> pair = new ArrayList<>(2);
    pair.add(one);
    pair.add(other);
    return pair;
  }

  private static Object onText(String text, String method, Arguments.Values arguments) {
    String first = arguments.text(0, "", null);
    return switch (method) {
      case "strip" -> strip(text, first, true, true);
      case "lstrip" -> strip(text, first, true, false);
      case "rstrip" -> strip(text, first, false, true);
      case "startswith" -> affixes(arguments).stream().anyMatch(text::startsWith);
      case "endswith" -> affixes(arguments).stream().anyMatch(text::endsWith);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title" -> titled(text);
      case "capitalize" -> capitalized(text);
      case "split" -> split(text, first, Python.integer(arguments.get(1, "maxsplit", -1L)));
      case "splitlines" -> new ArrayList<Object>(text.lines().toList());
      case "replace" -> replace(text, arguments);
      case "find" -> place(text, text.indexOf(string(arguments)));
      case "rfind" -> place(text, text.lastIndexOf(string(arguments)));
      case "count" -> (long) split(text, string(arguments), -1).size() - 1;
      case "join" -> joined(text, Python.list(arguments.require(0)));
      case "removeprefix" ->
          text.startsWith(string(arguments)) ? text.substring(first.length()) : text;
      case "removesuffix" ->
          text.endsWith(string(arguments))
              ? text.substring(0, text.length() - first.length())
              : text;
      case "isdigit" -> all(text, Character::isDigit);
      case "isalpha" -> all(text, Character::isLetter);
      case "isalnum" -> all(text, Character::isLetterOrDigit);
      case "isspace" -> all(text, Methods::isSpace);
      default -> throw none(text, method);
    };
  }

  private static String string(Arguments.Values arguments) {
    if (arguments.require(0) instanceof String text) {
      return text;
    }
    throw new TemplateException(
        "a str is required; got a " + PythonText.kind(arguments.require(0)));
  }

  private static List<String> affixes(Arguments.Values arguments) {
    return arguments.require(0) instanceof Tuple tuple
        ? tuple.values().stream().map(PythonText::str).toList()
        : List.of(string(arguments));
  }

  private static boolean all(String text, IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  private static long place(String text, int index) {
    return index < 0 ? -1 : text.codePointCount(0, index);
  }

  /** What Python takes for white space. */
  static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
  }

  /**
   * A text without what is around it.
   *
   * @param characters to take away, white space if null
   */
  static String strip(String text, String characters, boolean left, boolean right) {
    IntPredicate goes =
        characters == null ? Methods::isSpace : point -> characters.indexOf(point) >= 0;
    int begin = 0;
    int end = text.length();
    while (left && begin < end && goes.test(text.codePointAt(begin))) {
      begin += Character.charCount(text.codePointAt(begin));
    }
    while (right && end > begin && goes.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(begin, end);
  }

  private static List<Object> split(String text, String separator, long most) {
    List<Object> parts = new ArrayList<>();
    String rest = separator == null ? strip(text, null, true, false) : text;
    while (most < 0 || parts.size() < most) {
      int place = separator == null ? space(rest) : rest.indexOf(requireLong(separator));
      if (place < 0) {
        break;
      }
      parts.add(rest.substring(0, place));
      rest =
          separator == null
              ? strip(rest.substring(place), null, true, false)
              : rest.substring(place + separator.length());
    }
    if (separator != null || !rest.isEmpty()) {
      parts.add(rest);
    }
    return parts;
  }

  private static String requireLong(String separator) {
    if (separator.isEmpty()) {
      throw new TemplateException("empty separator");
    }
    return separator;
  }

  private static int space(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isSpace(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  /** As {@code str.replace}, with the number of times as the third argument. */
  static String replace(String text, Arguments.Values arguments) {
    String from = string(arguments);
    String to = PythonText.str(arguments.require(1));
    Object most = arguments.get(2, "count", null);
    long times = most == null ? -1 : Python.integer(most);
    if (from.isEmpty()) {
      throw new TemplateException("a text to replace must not be empty");
    }
    return joined(to, split(text, from, times));
  }

  /** A list's elements with a text between them. */
  static String joined(String separator, List<Object> elements) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < elements.size(); i++) {
      text.append(i == 0 ? "" : separator).append(PythonText.str(elements.get(i)));
      if (text.length() > Python.LONGEST) {
        throw new TemplateException(
            "a string must have at most %d characters".formatted(Python.LONGEST));
      }
    }
    return text.toString();
  }

  /** The first letter large, the others small. */
  static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int length = Character.charCount(text.codePointAt(0));
    return text.substring(0, length).toUpperCase(Locale.ROOT)
        + text.substring(length).toLowerCase(Locale.ROOT);
  }

  private static String titled(String text) {
    StringBuilder result = new StringBuilder();
    boolean within = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      result.append(within ? Character.toLowerCase(c) : Character.toTitleCase(c));
      within = Character.isLetter(c);
    }
    return result.toString();
  }
}
