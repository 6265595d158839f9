package io.sensorium.language.template;

import io.sensorium.language.template.Lexer.Kind;
import io.sensorium.language.template.Lexer.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads expressions by Jinja2's grammar ({@code jinja2/parser.py}), each level of precedence by its
 * own method, the loosest first.
 */
final class Parser {
  private static final int DEEPEST = 200;
  private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

  /** Names that end a test rather than being its argument. */
  private static final Set<String> WORDS = Set.of("else", "or", "and", "is", "if", "not", "in");

  private final String text;
  private final List<Symbol> symbols;
  private int place;
  private int depth;

  private Parser(String text) {
    this.text = text;
    this.symbols = Lexer.symbols(text);
  }

  /** An expression that is a whole text; several with commas between them make a tuple. */
  static Expression expression(String text) {
    Parser parser = new Parser(text);
    Expression expression = parser.tuple();
    parser.requireEnd();
    return expression;
  }

  /**
   * What a {@code for} statement says.
   *
   * @param targets names for each element, several if it is taken apart
   * @param condition on elements, null for all of them
   */
  record Loop(List<String> targets, Expression elements, Expression condition) {}

  static Loop loop(String text) {
    Parser parser = new Parser(text);
    List<String> targets = parser.targets();
    parser.require("in");
    Expression elements = parser.or();
    Expression condition = parser.skip("if") ? parser.conditional() : null;
    parser.requireEnd();
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
    Parser parser = new Parser(text);
    List<String> targets = parser.targets();
    Expression value = parser.skip("=") ? parser.tuple() : null;
    parser.requireEnd();
    return new Assignment(targets, value);
  }

  /**
   * What a {@code macro} statement says.
   *
   * @param parameters with what each is where it is not given
   */
  record Macro(String name, Map<String, Expression> parameters) {}

  static Macro macro(String text) {
    Parser parser = new Parser(text);
    String name = parser.name();
    Map<String, Expression> parameters = new LinkedHashMap<>();
    parser.require("(");
    while (!parser.is(")")) {
      String parameter = parser.name();
      boolean optional = parser.skip("=");
      parameters.put(
          parameter, optional ? parser.conditional() : Nodes.constant(Undefined.INSTANCE));
      if (!parser.skip(",")) {
        break;
      }
    }
    parser.require(")");
    parser.requireEnd();
    return new Macro(name, parameters);
  }

  private List<String> targets() {
    List<String> targets = new ArrayList<>();
    boolean nested = skip("(");
    do {
      String name = name();
      targets.add(skip(".") ? name + "." + name() : name);
    } while (skip(","));
    if (nested) {
      require(")");
    }
    return targets;
  }

  private Symbol current() {
    return symbols.get(place);
  }

  private boolean is(String word) {
    return current().isName(word) || current().isOperator(word);
  }

  private boolean skip(String word) {
    boolean found = is(word);
    place += found ? 1 : 0;
    return found;
  }

  private void require(String word) {
    if (!skip(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  private void requireEnd() {
    if (current().kind() != Kind.END) {
      throw unexpected("the end");
    }
  }

  private String name() {
    if (current().kind() != Kind.NAME) {
      throw unexpected("a name");
    }
    return symbols.get(place++).text();
  }

  private TemplateException unexpected(String wanted) {
    String found = current().kind() == Kind.END ? "the end" : "'" + current().text() + "'";
    return new TemplateException(
        "%s is required; found %s in '%s'".formatted(wanted, found, text.strip()));
  }

  private Expression tuple() {
    Expression first = conditional();
    if (!is(",")) {
      return first;
    }
    List<Expression> all = new ArrayList<>(List.of(first));
    while (skip(",") && beginsExpression()) {
      all.add(conditional());
    }
    return Nodes.tuple(all);
  }

  private boolean beginsExpression() {
    return current().kind() != Kind.END && !is(")") && !is("]") && !is("}") && !is("=");
  }

  private Expression conditional() {
    if (++depth > DEEPEST) {
      throw new TemplateException("an expression must nest at most %d deep".formatted(DEEPEST));
    }
    Expression value = or();
    while (skip("if")) {
      Expression condition = or();
      Expression otherwise = skip("else") ? conditional() : Nodes.constant(Undefined.INSTANCE);
      value = Nodes.choice(condition, value, otherwise);
    }
    depth--;
    return value;
  }

  private Expression or() {
    Expression value = and();
    while (skip("or")) {
      value = Nodes.or(value, and());
    }
    return value;
  }

  private Expression and() {
    Expression value = not();
    while (skip("and")) {
      value = Nodes.and(value, not());
    }
    return value;
  }

  private Expression not() {
    int count = 0;
    while (skip("not")) {
      count++;
    }
    Expression value = comparison();
    return count == 0 ? value : Nodes.not(count % 2 == 1 ? value : Nodes.not(value));
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>(List.of(first));
    while (true) {
      Symbol symbol = current();
      if (symbol.kind() == Kind.OPERATOR && COMPARISONS.contains(symbol.text())) {
        place++;
        operators.add(symbol.text());
      } else if (skip("in")) {
        operators.add("in");
      } else if (is("not") && symbols.get(place + 1).isName("in")) {
        place += 2;
        operators.add("not in");
      } else {
        return operators.isEmpty() ? first : Nodes.comparison(operands, operators);
      }
      operands.add(sum());
    }
  }

  private Expression sum() {
    Expression value = concatenation();
    while (is("+") || is("-")) {
      boolean plus = symbols.get(place++).text().equals("+");
      Expression other = concatenation();
      value = plus ? Nodes.sum(value, other) : Nodes.arithmetic("-", value, other);
    }
    return value;
  }

  private Expression concatenation() {
    Expression value = product();
    while (skip("~")) {
      value = Nodes.concatenation(value, product());
    }
    return value;
  }

  private Expression product() {
    Expression value = signed(true);
    while (is("*") || is("/") || is("//") || is("%")) {
      String operator = symbols.get(place++).text();
      value = Nodes.arithmetic(operator, value, signed(true));
    }
    return value;
  }

  /**
   * @param filtered whether filters and tests may follow
   */
  private Expression signed(boolean filtered) {
    Expression value;
    if (skip("-")) {
      value = Nodes.negative(signed(false));
    } else if (skip("+")) {
      value = signed(false);
    } else {
      value = parts(primary());
    }
    value = filtered ? filters(value) : value;
    return skip("**") ? Nodes.arithmetic("**", value, signed(true)) : value;
  }

  private Expression primary() {
    Symbol symbol = current();
    place++;
    switch (symbol.kind()) {
      case STRING -> {
        StringBuilder content = new StringBuilder(symbol.text());
        while (current().kind() == Kind.STRING) {
          content.append(symbols.get(place++).text());
        }
        return Nodes.constant(content.toString());
      }
      case NUMBER -> {
        return Nodes.constant(symbol.value());
      }
      case NAME -> {
        return is("(") ? Nodes.call(symbol.text(), arguments()) : named(symbol.text());
      }
      default -> {
        return bracketed(symbol);
      }
    }
  }

  private static Expression named(String name) {
    return switch (name) {
      case "true", "True" -> Nodes.constant(true);
      case "false", "False" -> Nodes.constant(false);
      case "none", "None" -> Nodes.constant(null);
      default -> Nodes.name(name);
    };
  }

  private Expression bracketed(Symbol open) {
    if (open.isOperator("(")) {
      Expression value = is(")") ? Nodes.tuple(List.of()) : tuple();
      require(")");
      return value;
    }
    if (open.isOperator("[")) {
      List<Expression> elements = new ArrayList<>();
      while (!is("]")) {
        elements.add(conditional());
        if (!skip(",")) {
          break;
        }
      }
      require("]");
      return Nodes.list(elements);
    }
    if (open.isOperator("{")) {
      return map();
    }
    place--;
    throw unexpected("an expression");
  }

  private Expression map() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!is("}")) {
      Expression key = conditional();
      require(":");
      entries.put(key, conditional());
      if (!skip(",")) {
        break;
      }
    }
    require("}");
    return Nodes.map(entries);
  }

  private Expression parts(Expression base) {
    Expression value = base;
    while (true) {
      if (skip(".")) {
        Symbol symbol = current();
        place++;
        if (symbol.kind() == Kind.NUMBER) {
          value = Nodes.item(value, Nodes.constant(symbol.value()));
        } else if (is("(")) {
          value = Nodes.method(value, symbol.text(), arguments());
        } else {
          place--;
          value = Nodes.attribute(value, name());
        }
      } else if (skip("[")) {
        value = itemOrSlice(value);
      } else {
        return value;
      }
    }
  }

  private Expression itemOrSlice(Expression value) {
    Expression begin = is(":") ? null : tuple();
    if (skip("]")) {
      return Nodes.item(value, begin);
    }
    require(":");
    Expression end = is(":") || is("]") ? null : conditional();
    Expression step = skip(":") && !is("]") ? conditional() : null;
    require("]");
    return Nodes.slice(value, begin, end, step);
  }

  private Arguments arguments() {
    require("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!is(")")) {
      if (current().kind() == Kind.NAME && symbols.get(place + 1).isOperator("=")) {
        String name = name();
        require("=");
        named.put(name, conditional());
      } else {
        positional.add(conditional());
      }
      if (!skip(",")) {
        break;
      }
    }
    require(")");
    return new Arguments(positional, named);
  }

  private Expression filters(Expression base) {
    Expression value = base;
    while (true) {
      if (skip("|")) {
        String filter = name();
        value = Nodes.filter(value, filter, is("(") ? arguments() : Arguments.NONE);
      } else if (skip("is")) {
        boolean negated = skip("not");
        Expression test = test(value);
        value = negated ? Nodes.not(test) : test;
      } else {
        return value;
      }
    }
  }

  private Expression test(Expression value) {
    String test = name();
    if (is("(")) {
      return Nodes.test(value, test, arguments());
    }
    boolean argument =
        switch (current().kind()) {
          case STRING, NUMBER -> true;
          case NAME -> !WORDS.contains(current().text());
          default -> is("[") || is("{");
        };
    List<Expression> arguments = argument ? List.of(parts(primary())) : List.of();
    return Nodes.test(value, test, new Arguments(arguments, Map.of()));
  }
}
