package io.sensorium.language.template;

import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a call is given, as expressions. Immutable. */
record Arguments(List<Expression> positional, Map<String, Expression> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  Values eval(JinjavaInterpreter interpreter) {
    Map<String, Object> names = new LinkedHashMap<>();
    named.forEach((name, expression) -> names.put(name, expression.eval(interpreter)));
    return new Values(positional(positional, interpreter), names);
  }

  static List<Object> positional(List<Expression> expressions, JinjavaInterpreter interpreter) {
    List<Object> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(expression.eval(interpreter)));
    return values;
  }

  /** In the library's form. */
  Object[] forMacro(JinjavaInterpreter interpreter) {
    Values values = eval(interpreter);
    List<Object> all = new ArrayList<>();
    values.positional().forEach(value -> all.add(Variables.stored(value)));
    values
        .named()
        .forEach((name, value) -> all.add(new NamedParameter(name, Variables.stored(value))));
    return all.toArray();
  }

  /** What a call is given. */
  record Values(List<Object> positional, Map<String, Object> named) {
    /** The argument at a place, or of a name; {@code otherwise} if it was not given. */
    Object get(int place, String name, Object otherwise) {
      if (place < positional.size()) {
        return positional.get(place);
      }
      return named.containsKey(name) ? named.get(name) : otherwise;
    }

    /** The argument at a place, which must be given. */
    Object require(int place) {
      if (place >= positional.size()) {
        throw new TemplateException("an argument is missing");
      }
      return positional.get(place);
    }

    String text(int place, String name, String otherwise) {
      return get(place, name, otherwise) instanceof String text ? text : otherwise;
    }

    Values withoutFirst() {
      return new Values(positional.subList(1, positional.size()), named);
    }
  }
}
