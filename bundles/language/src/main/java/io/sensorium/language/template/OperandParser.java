package io.sensorium.language.template;

import io.sensorium.language.template.Lexer.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what stands between the operators of an expression: constants, names, calls, what is in
 * brackets, and the parts, filters and tests that follow.
 */
final class OperandParser {
  /** Names that end a test rather than being its argument. */
  private static final Set<String> WORDS = Set.of("else", "or", "and", "is", "if", "not", "in");

  private final SymbolReader symbols;
  private final ExpressionParser expressions;

  OperandParser(SymbolReader symbols, ExpressionParser expressions) {
    this.symbols = symbols;
    this.expressions = expressions;
  }

  /** One operand with its parts. */
  Expression operand() {
    return parts(primary());
  }

  private Expression primary() {
    return switch (symbols.current().kind()) {
      case STRING -> string();
      case NUMBER -> Nodes.constant(symbols.next().value());
      case NAME -> nameOrCall(symbols.name());
      case OPERATOR, END -> bracketed();
    };
  }

  /** Texts that stand next to each other are one. */
  private Expression string() {
    StringBuilder content = new StringBuilder();
    while (symbols.current().kind() == Kind.STRING) {
      content.append(symbols.next().text());
    }
    return Nodes.constant(content.toString());
  }

  private Expression nameOrCall(String name) {
    return symbols.is("(") ? Nodes.call(name, arguments()) : named(name);
  }

  private static Expression named(String name) {
    return switch (name) {
      case "true", "True" -> Nodes.constant(true);
      case "false", "False" -> Nodes.constant(false);
      case "none", "None" -> Nodes.constant(null);
      default -> Nodes.name(name);
    };
  }

  private Expression bracketed() {
    if (symbols.skip("(")) {
      Expression value = symbols.is(")") ? Nodes.tuple(List.of()) : expressions.tuple();
      symbols.require(")");
      return value;
    }
    if (symbols.skip("[")) {
      return list();
    }
    if (symbols.skip("{")) {
      return map();
    }
    throw symbols.unexpected("an expression");
  }

  private Expression list() {
    List<Expression> elements = new ArrayList<>();
    while (!symbols.is("]")) {
      elements.add(expressions.conditional());
      if (!symbols.skip(",")) {
        break;
      }
    }
    symbols.require("]");
    return Nodes.list(elements);
  }

  private Expression map() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!symbols.is("}")) {
      Expression key = expressions.conditional();
      symbols.require(":");
      entries.put(key, expressions.conditional());
      if (!symbols.skip(",")) {
        break;
      }
    }
    symbols.require("}");
    return Nodes.map(entries);
  }

  private Expression parts(Expression base) {
    Expression value = base;
    while (true) {
      if (symbols.skip(".")) {
        value = part(value);
      } else if (symbols.skip("[")) {
        value = itemOrSlice(value);
      } else {
        return value;
      }
    }
  }

  private Expression part(Expression value) {
    if (symbols.current().kind() == Kind.NUMBER) {
      return Nodes.item(value, Nodes.constant(symbols.next().value()));
    }
    String name = symbols.name();
    return symbols.is("(") ? Nodes.method(value, name, arguments()) : Nodes.attribute(value, name);
  }

  private Expression itemOrSlice(Expression value) {
    Expression begin = symbols.is(":") ? null : expressions.tuple();
    if (symbols.skip("]")) {
      return Nodes.item(value, begin);
    }
    symbols.require(":");
    Expression end = symbols.is(":") || symbols.is("]") ? null : expressions.conditional();
    Expression step = symbols.skip(":") && !symbols.is("]") ? expressions.conditional() : null;
    symbols.require("]");
    return Nodes.slice(value, begin, end, step);
  }

  private Arguments arguments() {
    symbols.require("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!symbols.is(")")) {
      if (symbols.current().kind() == Kind.NAME && symbols.following().isOperator("=")) {
        String name = symbols.name();
        symbols.require("=");
        named.put(name, expressions.conditional());
      } else {
        positional.add(expressions.conditional());
      }
      if (!symbols.skip(",")) {
        break;
      }
    }
    symbols.require(")");
    return new Arguments(positional, named);
  }

  /** With what is done to it by filters and tests. */
  Expression filtered(Expression base) {
    Expression value = base;
    while (true) {
      if (symbols.skip("|")) {
        String filter = symbols.name();
        value = Nodes.filter(value, filter, symbols.is("(") ? arguments() : Arguments.NONE);
      } else if (symbols.skip("is")) {
        boolean negated = symbols.skip("not");
        Expression test = test(value);
        value = negated ? Nodes.not(test) : test;
      } else {
        return value;
      }
    }
  }

  private Expression test(Expression value) {
    String test = symbols.name();
    if (symbols.is("(")) {
      return Nodes.test(value, test, arguments());
    }
    boolean argument =
        switch (symbols.current().kind()) {
          case STRING, NUMBER -> true;
          case NAME -> !WORDS.contains(symbols.current().text());
          default -> symbols.is("[") || symbols.is("{");
        };
    List<Expression> arguments = argument ? List.of(operand()) : List.of();
    return Nodes.test(value, test, new Arguments(arguments, Map.of()));
  }
}
