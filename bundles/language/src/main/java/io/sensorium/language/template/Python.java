package io.sensorium.language.template;

import com.hubspot.jinjava.util.ForLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Python's operators on the values that templates have: strings, long and double numbers, booleans,
 * lists, tuples, maps and null.
 */
final class Python {
  /** Characters of a string, and elements of a list, at most. */
  static final int LONGEST = 1 << 22;

  private Python() {}

  static boolean truth(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Number number -> number.doubleValue() != 0;
      case Collection<?> collection -> !collection.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case Tuple tuple -> !tuple.values().isEmpty();
      default -> true;
    };
  }

  static boolean equal(Object one, Object other) {
    if (number(one) && number(other)) {
      return decimal(one) == decimal(other);
    }
    if (one instanceof List<?> a && other instanceof List<?> b && one != other) {
      return a.size() == b.size() && allEqual(a, b);
    }
    return Objects.equals(one, other);
  }

  private static boolean allEqual(List<?> a, List<?> b) {
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Negative, zero or positive as the first is less, equal or greater. */
  static int compare(Object one, Object other) {
    if (number(one) && number(other)) {
      return Double.compare(decimal(one), decimal(other));
    }
    if (one instanceof String a && other instanceof String b) {
      return a.compareTo(b);
    }
    throw unsupported("<", one, other);
  }

  static boolean contains(Object container, Object value) {
    return switch (container) {
      case String text when value instanceof String part -> text.contains(part);
      case Map<?, ?> map -> map.containsKey(value);
      case Collection<?> list -> list.stream().anyMatch(element -> equal(element, value));
      case Tuple tuple -> tuple.values().stream().anyMatch(element -> equal(element, value));
      case null, default -> throw unsupported("in", value, container);
    };
  }

  static Object add(Object one, Object other) {
    if (one instanceof String a && other instanceof String b) {
      return limited(a.length() + (long) b.length(), a, b);
    }
    if (whole(one) && whole(other)) {
      return Math.addExact(integer(one), integer(other));
    }
    if (number(one) && number(other)) {
      return decimal(one) + decimal(other);
    }
    if (one instanceof List<?> a && other instanceof List<?> b && one != Undefined.INSTANCE) {
      List<Object> sum = new ArrayList<>(a);
      sum.addAll(b);
      return checked(sum);
    }
    throw unsupported("+", one, other);
  }

  static String concatenated(Object one, Object other) {
    String a = PythonText.str(one);
    String b = PythonText.str(other);
    return limited(a.length() + (long) b.length(), a, b);
  }

  private static String limited(long length, String a, String b) {
    if (length > LONGEST) {
      throw new TemplateException(
          "a string must have at most %d characters; got %d".formatted(LONGEST, length));
    }
    return a.concat(b);
  }

  static List<Object> checked(List<Object> list) {
    if (list.size() > LONGEST) {
      throw new TemplateException(
          "a list must have at most %d elements; got %d".formatted(LONGEST, list.size()));
    }
    return list;
  }

  /** All operators on numbers but addition; {@code *} repeats strings, too. */
  static Object arithmetic(String operator, Object one, Object other) {
    if (operator.equals("*") && one instanceof String text && whole(other)) {
      long times = Math.max(0, integer(other));
      if (times > LONGEST / Math.max(1, text.length())) {
        throw new TemplateException(
            "a string must have at most %d characters; got %d times %d"
                .formatted(LONGEST, times, text.length()));
      }
      return text.repeat((int) times);
    }
    if (!number(one) || !number(other)) {
      throw unsupported(operator, one, other);
    }
    boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
    if (divides && decimal(other) == 0) {
      throw new TemplateException("division by zero");
    }
    return whole(one) && whole(other) && !operator.equals("/")
        ? onIntegers(operator, integer(one), integer(other))
        : onDecimals(operator, decimal(one), decimal(other));
  }

  private static Object onIntegers(String operator, long one, long other) {
    return switch (operator) {
      case "-" -> Math.subtractExact(one, other);
      case "*" -> Math.multiplyExact(one, other);
      case "//" -> Math.floorDiv(one, other);
      case "%" -> Math.floorMod(one, other);
      default -> {
        double power = Math.pow((double) one, (double) other);
        yield other >= 0 && Math.abs(power) < 1L << 53 ? (Object) (long) power : (Object) power;
      }
    };
  }

  private static Object onDecimals(String operator, double one, double other) {
    return switch (operator) {
      case "-" -> one - other;
      case "*" -> one * other;
      case "/" -> one / other;
      case "//" -> Math.floor(one / other);
      case "%" -> one - other * Math.floor(one / other);
      default -> Math.pow(one, other);
    };
  }

  static Object negative(Object value) {
    if (!number(value)) {
      throw unsupported("-", value, value);
    }
    return whole(value) ? (Object) Math.negateExact(integer(value)) : (Object) (-decimal(value));
  }

  /** {@code value.name} of a map or of a loop; nothing else has attributes. */
  static Object attribute(Object value, String name) {
    if (value instanceof Map<?, ?> map) {
      return map.containsKey(name) ? map.get(name) : Undefined.INSTANCE;
    }
    if (value instanceof ForLoop loop) {
      return loopAttribute(loop, name);
    }
    if (value == Undefined.INSTANCE) {
      throw new TemplateException("what is undefined has no attribute '%s'".formatted(name));
    }
    return Undefined.INSTANCE;
  }

  private static Object loopAttribute(ForLoop loop, String name) {
    long index = loop.getIndex0();
    return switch (name) {
      case "index" -> index + 1;
      case "index0" -> index;
      case "revindex" -> loop.getLength() - index;
      case "revindex0" -> loop.getLength() - index - 1;
      case "length" -> (long) loop.getLength();
      case "first" -> index == 0;
      case "last" -> index == loop.getLength() - 1;
      default -> Undefined.INSTANCE;
    };
  }

  /** {@code value[key]}. */
  static Object item(Object value, Object key) {
    if (whole(key) && !(value instanceof Map) && value != Undefined.INSTANCE && sequence(value)) {
      List<Object> all = list(value);
      long index = integer(key) < 0 ? integer(key) + all.size() : integer(key);
      return index >= 0 && index < all.size() ? all.get((int) index) : Undefined.INSTANCE;
    }
    if (value instanceof Map<?, ?> map && !(key instanceof String)) {
      return map.containsKey(key) ? map.get(key) : Undefined.INSTANCE;
    }
    return attribute(value, PythonText.str(key));
  }

  private static boolean sequence(Object value) {
    return value instanceof String || value instanceof List || value instanceof Tuple;
  }

  /** {@code value[begin:end:step]}, each of which may be null. */
  static Object slice(Object value, Object begin, Object end, Object step) {
    if (!sequence(value)) {
      throw new TemplateException("a %s has no parts".formatted(PythonText.kind(value)));
    }
    List<Object> all = list(value);
    long stride = step == null ? 1 : integer(step);
    if (stride == 0) {
      throw new TemplateException("slice step cannot be zero");
    }
    int size = all.size();
    long low = stride > 0 ? 0 : -1;
    long high = stride > 0 ? size : size - 1L;
    long from = begin == null ? (stride > 0 ? low : high) : bound(integer(begin), size, low, high);
    long to = end == null ? (stride > 0 ? high : low) : bound(integer(end), size, low, high);
    List<Object> part = new ArrayList<>();
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      part.add(all.get((int) i));
    }
    if (value instanceof String) {
      StringBuilder text = new StringBuilder();
      part.forEach(text::append);
      return text.toString();
    }
    return value instanceof Tuple ? new Tuple(part) : part;
  }

  private static long bound(long index, int size, long low, long high) {
    return Math.clamp(index < 0 ? index + size : index, low, high);
  }

  /** What a loop goes through. */
  static List<Object> list(Object value) {
    return switch (value) {
      case Tuple tuple -> tuple.values();
      case Collection<?> collection -> Collections.unmodifiableList(new ArrayList<>(collection));
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case String text -> {
        List<Object> characters = new ArrayList<>();
        text.codePoints().forEach(point -> characters.add(Character.toString(point)));
        yield characters;
      }
      case null, default ->
          throw new TemplateException("a %s is not iterable".formatted(PythonText.kind(value)));
    };
  }

  static long length(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case Map<?, ?> map -> map.size();
      case null, default -> list(value).size();
    };
  }

  static boolean number(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static boolean whole(Object value) {
    return number(value) && !(value instanceof Double);
  }

  static long integer(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? 1 : 0;
      case Number number when !(number instanceof Double) -> number.longValue();
      case null, default ->
          throw new TemplateException(
              "an int is required; got a %s".formatted(PythonText.kind(value)));
    };
  }

  static double decimal(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
  }

  static TemplateException unsupported(String operator, Object one, Object other) {
    return new TemplateException(
        "unsupported operand types for %s: %s and %s"
            .formatted(operator, PythonText.kind(one), PythonText.kind(other)));
  }
}
