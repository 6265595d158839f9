package io.sensorium.language.template;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values as Python's {@code str}, {@code repr} and {@code json.dumps} write them. */
final class PythonText {
  private PythonText() {}

  /** What an output or a concatenation shows of a value. */
  static String str(Object value) {
    return switch (value) {
      case String text -> text;
      case Undefined _ -> "";
      case null, default -> repr(value);
    };
  }

  /** A value as it would be written in a program. */
  static String repr(Object value) {
    return switch (value) {
      case null -> "None";
      case Undefined _ -> "Undefined";
      case String text -> quoted(text);
      case Boolean truth -> truth ? "True" : "False";
      case Double number -> number(number);
      case Number number -> number.toString();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Tuple tuple ->
          joined(tuple.values(), "(", tuple.values().size() == 1 ? ",)" : ")", PythonText::repr);
      case List<?> list -> joined(list, "[", "]", PythonText::repr);
      default -> throw new TemplateException("a template must not write a " + kind(value));
    };
  }

  /** The name of a value's type in Python. */
  static String kind(Object value) {
    return switch (value) {
      case null -> "NoneType";
      case Undefined _ -> "Undefined";
      case String _ -> "str";
      case Boolean _ -> "bool";
      case Double _ -> "float";
      case Number _ -> "int";
      case Map<?, ?> _ -> "dict";
      case Tuple _ -> "tuple";
      case List<?> _ -> "list";
      default -> "object";
    };
  }

  private static String joined(
      List<?> list, String begin, String end, Function<Object, String> writer) {
    return list.stream().map(writer).collect(Collectors.joining(", ", begin, end));
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    String text = Double.toString(value);
    int exponent = text.indexOf('E');
    if (exponent < 0) {
      return text;
    }
    int power = Integer.parseInt(text.substring(exponent + 1));
    if (power > 0 && power < 16) {
      return new java.math.BigDecimal(value).toPlainString() + ".0";
    }
    String digits = text.substring(0, exponent).replaceFirst("\\.0$", "");
    return digits + (power < 0 ? "e-" : "e+") + (Math.abs(power) < 10 ? "0" : "") + Math.abs(power);
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder written = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '\n' -> written.append("\\n");
                case '\r' -> written.append("\\r");
                case '\t' -> written.append("\\t");
                case '\\' -> written.append("\\\\");
                default -> {
                  if (point == quote) {
                    written.append('\\').append(quote);
                  } else if (point < ' ' || (point >= 0x7f && point < 0xa1) || point == 0xad) {
                    written.append("\\x%02x".formatted(point));
                  } else {
                    written.appendCodePoint(point);
                  }
                }
              }
            });
    return written.append(quote).toString();
  }

  /**
   * A value as JSON, as {@code json.dumps} writes it with {@code ensure_ascii=False}.
   *
   * @param indent spaces a level, or -1 for a single line
   */
  static String json(Object value, int indent) {
    StringBuilder text = new StringBuilder();
    json(value, indent, 0, text);
    return text.toString();
  }

  private static void json(Object value, int indent, int level, StringBuilder text) {
    switch (value) {
      case null -> text.append("null");
      case String string -> string(string, text);
      case Boolean truth -> text.append(truth);
      case Double number -> text.append(number(number));
      case Number number -> text.append(number);
      case Undefined _ -> throw new TemplateException("Undefined is not JSON serializable");
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          text.append(separator);
          newLine(indent, level + 1, text);
          string(str(entry.getKey()), text);
          text.append(": ");
          json(entry.getValue(), indent, level + 1, text);
          separator = indent < 0 ? ", " : ",";
        }
        close("{", "}", map.isEmpty(), indent, level, text);
      }
      case Tuple tuple -> json(tuple.values(), indent, level, text);
      case List<?> list -> {
        String separator = "[";
        for (Object element : list) {
          text.append(separator);
          newLine(indent, level + 1, text);
          json(element, indent, level + 1, text);
          separator = indent < 0 ? ", " : ",";
        }
        close("[", "]", list.isEmpty(), indent, level, text);
      }
      default ->
          throw new TemplateException("a %s is not JSON serializable".formatted(kind(value)));
    }
  }

  private static void close(
      String begin, String end, boolean empty, int indent, int level, StringBuilder text) {
    if (empty) {
      text.append(begin);
    } else {
      newLine(indent, level, text);
    }
    text.append(end);
  }

  private static void newLine(int indent, int level, StringBuilder text) {
    if (indent >= 0) {
      text.append('\n').repeat(' ', indent * level);
    }
  }

  private static void string(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < ' ') {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
