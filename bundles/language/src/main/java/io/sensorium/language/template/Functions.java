package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that transformers gives to templates. */
final class Functions {
  private Functions() {}

  static Object call(String name, Arguments.Values arguments, JinjavaInterpreter interpreter) {
    return switch (name) {
      case "raise_exception" -> throw new TemplateException(PythonText.str(arguments.require(0)));
      case "strftime_now" -> now(PythonText.str(arguments.require(0)), interpreter);
      case "namespace" -> namespace(arguments);
      case "dict" -> new LinkedHashMap<Object, Object>(arguments.named());
      case "range" -> range(arguments.positional());
      default -> throw new TemplateException("'%s' is undefined".formatted(name));
    };
  }

  /** What {@code namespace} makes: the only map whose values a template can set. */
  static final class Namespace extends LinkedHashMap<Object, Object> {
    private static final long serialVersionUID = 1L;

    Namespace(Map<?, ?> values) {
      super(values);
    }
  }

  private static Namespace namespace(Arguments.Values arguments) {
    Namespace namespace = new Namespace(arguments.named());
    for (Object given : arguments.positional()) {
      if (given instanceof Map<?, ?> map) {
        namespace.putAll(map);
      }
    }
    return namespace;
  }

  private static List<Object> range(List<Object> bounds) {
    if (bounds.isEmpty() || bounds.size() > 3) {
      throw new TemplateException("range must have 1 to 3 bounds; got " + bounds.size());
    }
    long begin = bounds.size() == 1 ? 0 : Python.integer(bounds.getFirst());
    long end = Python.integer(bounds.get(bounds.size() == 1 ? 0 : 1));
    long step = bounds.size() < 3 ? 1 : Python.integer(bounds.get(2));
    if (step == 0) {
      throw new TemplateException("a range's step must not be zero");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = begin; step > 0 ? i < end : i > end; i += step) {
      numbers.add(i);
      if (numbers.size() > Limits.ELEMENTS) {
        throw new TemplateException(
            "a range must have at most %d numbers".formatted(Limits.ELEMENTS));
      }
    }
    return numbers;
  }

  private static String now(String format, JinjavaInterpreter interpreter) {
    long millis = interpreter.getConfig().getDateTimeProvider().getCurrentTimeMillis();
    ZonedDateTime now =
        ZonedDateTime.ofInstant(
            Instant.ofEpochMilli(millis), interpreter.getConfig().getTimeZone());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      boolean directive = format.charAt(i) == '%' && i + 1 < format.length();
      if (!directive) {
        text.append(format.charAt(i));
        continue;
      }
      int length = format.charAt(i + 1) == '-' && i + 2 < format.length() ? 2 : 1;
      text.append(written(now, format.substring(i + 1, i + 1 + length)));
      i += length;
    }
    return text.toString();
  }

  private static String written(ZonedDateTime now, String directive) {
    String pattern =
        switch (directive) {
          case "a" -> "EEE";
          case "A" -> "EEEE";
          case "b" -> "MMM";
          case "B" -> "MMMM";
          case "d" -> "dd";
          case "-d" -> "d";
          case "m" -> "MM";
          case "-m" -> "M";
          case "y" -> "yy";
          case "Y" -> "yyyy";
          case "H" -> "HH";
          case "-H" -> "H";
          case "I" -> "hh";
          case "-I" -> "h";
          case "M" -> "mm";
          case "S" -> "ss";
          case "p" -> "a";
          case "j" -> "DDD";
          case "F" -> "yyyy-MM-dd";
          case "T" -> "HH:mm:ss";
          case "%" -> "'%'";
          default ->
              throw new TemplateException("strftime_now does not know %%%s".formatted(directive));
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
  }
}
