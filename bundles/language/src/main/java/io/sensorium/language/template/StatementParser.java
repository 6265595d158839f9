package io.sensorium.language.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what stands in statements, by Jinja2's grammar ({@code jinja2/parser.py}). */
final class StatementParser {
  private final SymbolReader symbols;
  private final ExpressionParser expressions;

  private StatementParser(String text) {
    this.symbols = new SymbolReader(text);
    this.expressions = new ExpressionParser(symbols);
  }

  /**
   * What a {@code for} statement says.
   *
   * @param targets names for each element, several if it is taken apart
   * @param condition on elements, null for all of them
   */
  record Loop(List<String> targets, Expression elements, Expression condition) {}

  static Loop loop(String text) {
    StatementParser parser = new StatementParser(text);
    List<String> targets = parser.targets();
    parser.symbols.require("in");
    Expression elements = parser.expressions.or();
    Expression condition = parser.symbols.skip("if") ? parser.expressions.conditional() : null;
    parser.symbols.requireEnd();
    return new Loop(targets, elements, condition);
  }

  /**
   * What a {@code set} statement says.
   *
   * @param targets names, or one that is an attribute of a namespace
   * @param value null if the statement's block is the value
   */
  record Assignment(List<String> targets, Expression value) {}

  static Assignment assignment(String text) {
    StatementParser parser = new StatementParser(text);
    List<String> targets = parser.targets();
    Expression value = parser.symbols.skip("=") ? parser.expressions.tuple() : null;
    parser.symbols.requireEnd();
    return new Assignment(targets, value);
  }

  /**
   * What a {@code macro} statement says.
   *
   * @param parameters with what each is where it is not given
   */
  record Macro(String name, Map<String, Expression> parameters) {}

  static Macro macro(String text) {
    StatementParser parser = new StatementParser(text);
    String name = parser.symbols.name();
    Map<String, Expression> parameters = new LinkedHashMap<>();
    parser.symbols.require("(");
    while (!parser.symbols.is(")")) {
      String parameter = parser.symbols.name();
      boolean optional = parser.symbols.skip("=");
      parameters.put(
          parameter,
          optional ? parser.expressions.conditional() : Nodes.constant(Undefined.INSTANCE));
      if (!parser.symbols.skip(",")) {
        break;
      }
    }
    parser.symbols.require(")");
    parser.symbols.requireEnd();
    return new Macro(name, parameters);
  }

  private List<String> targets() {
    List<String> targets = new ArrayList<>();
    boolean nested = symbols.skip("(");
    do {
      String name = symbols.name();
      targets.add(symbols.skip(".") ? name + "." + symbols.name() : name);
    } while (symbols.skip(","));
    if (nested) {
      symbols.require(")");
    }
    return targets;
  }
}
