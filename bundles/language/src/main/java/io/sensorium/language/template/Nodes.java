package io.sensorium.language.template;

import com.hubspot.jinjava.lib.fn.MacroFunction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the parts of expressions do. */
final class Nodes {
  private Nodes() {}

  static Expression constant(Object value) {
    return interpreter -> value;
  }

  static Expression name(String name) {
    return interpreter -> Variables.get(interpreter.getContext(), name);
  }

  static Expression tuple(List<Expression> elements) {
    return interpreter -> new Tuple(Arguments.positional(elements, interpreter));
  }

  static Expression list(List<Expression> elements) {
    return interpreter -> Arguments.positional(elements, interpreter);
  }

  static Expression map(Map<Expression, Expression> entries) {
    return interpreter -> {
      Map<Object, Object> map = new LinkedHashMap<>();
      entries.forEach((key, value) -> map.put(key.eval(interpreter), value.eval(interpreter)));
      return map;
    };
  }

  static Expression choice(Expression condition, Expression value, Expression otherwise) {
    return interpreter ->
        Python.truth(condition.eval(interpreter))
            ? value.eval(interpreter)
            : otherwise.eval(interpreter);
  }

  static Expression or(Expression one, Expression other) {
    return interpreter -> {
      Object value = one.eval(interpreter);
      return Python.truth(value) ? value : other.eval(interpreter);
    };
  }

  static Expression and(Expression one, Expression other) {
    return interpreter -> {
      Object value = one.eval(interpreter);
      return Python.truth(value) ? other.eval(interpreter) : value;
    };
  }

  static Expression not(Expression value) {
    return interpreter -> !Python.truth(value.eval(interpreter));
  }

  static Expression comparison(List<Expression> operands, List<String> operators) {
    return interpreter -> {
      Object left = operands.getFirst().eval(interpreter);
      for (int i = 0; i < operators.size(); i++) {
        Object right = operands.get(i + 1).eval(interpreter);
        if (!holds(operators.get(i), left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  private static boolean holds(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> Python.equal(left, right);
      case "!=" -> !Python.equal(left, right);
      case "in" -> Python.contains(right, left);
      case "not in" -> !Python.contains(right, left);
      case "<" -> Python.compare(left, right) < 0;
      case "<=" -> Python.compare(left, right) <= 0;
      case ">" -> Python.compare(left, right) > 0;
      default -> Python.compare(left, right) >= 0;
    };
  }

  static Expression sum(Expression one, Expression other) {
    return interpreter -> Python.add(one.eval(interpreter), other.eval(interpreter));
  }

  static Expression arithmetic(String operator, Expression one, Expression other) {
    return interpreter ->
        Python.arithmetic(operator, one.eval(interpreter), other.eval(interpreter));
  }

  static Expression concatenation(Expression one, Expression other) {
    return interpreter -> Python.concatenated(one.eval(interpreter), other.eval(interpreter));
  }

  static Expression negative(Expression value) {
    return interpreter -> Python.negative(value.eval(interpreter));
  }

  static Expression attribute(Expression value, String name) {
    return interpreter -> Python.attribute(value.eval(interpreter), name);
  }

  static Expression item(Expression value, Expression key) {
    return interpreter -> Python.item(value.eval(interpreter), key.eval(interpreter));
  }

  static Expression slice(Expression value, Expression begin, Expression end, Expression step) {
    return interpreter ->
        Python.slice(
            value.eval(interpreter),
            begin == null ? null : begin.eval(interpreter),
            end == null ? null : end.eval(interpreter),
            step == null ? null : step.eval(interpreter));
  }

  static Expression method(Expression value, String method, Arguments arguments) {
    return interpreter ->
        Methods.call(value.eval(interpreter), method, arguments.eval(interpreter));
  }

  static Expression filter(Expression value, String filter, Arguments arguments) {
    return interpreter ->
        Filters.apply(filter, value.eval(interpreter), arguments.eval(interpreter));
  }

  static Expression test(Expression value, String test, Arguments arguments) {
    return interpreter -> Tests.holds(test, value.eval(interpreter), arguments.eval(interpreter));
  }

  /** Calls a macro of the template, else one of the functions that every template has. */
  static Expression call(String name, Arguments arguments) {
    return interpreter -> {
      MacroFunction macro = interpreter.getContext().getGlobalMacro(name);
      return macro == null
          ? Functions.call(name, arguments.eval(interpreter), interpreter)
          : macro.evaluate(arguments.forMacro(interpreter));
    };
  }
}
