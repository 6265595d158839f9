package io.sensorium.language.template;

import io.sensorium.language.template.Lexer.Kind;
import io.sensorium.language.template.Lexer.Symbol;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads expressions by Jinja2's grammar ({@code jinja2/parser.py}), each level of precedence by its
 * own method, the loosest first.
 */
final class ExpressionParser {
  private static final int DEEPEST = 200;
  private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

  private final SymbolReader symbols;
  private final OperandParser operands;
  private int depth;

  /** Reads on from where the reader is. */
  ExpressionParser(SymbolReader symbols) {
    this.symbols = symbols;
    this.operands = new OperandParser(symbols, this);
  }

  /** An expression that is a whole text; several with commas between them make a tuple. */
  static Expression expression(String text) {
    SymbolReader symbols = new SymbolReader(text);
    Expression expression = new ExpressionParser(symbols).tuple();
    symbols.requireEnd();
    return expression;
  }

  Expression tuple() {
    Expression first = conditional();
    if (!symbols.is(",")) {
      return first;
    }
    List<Expression> all = new ArrayList<>(List.of(first));
    while (symbols.skip(",") && beginsExpression()) {
      all.add(conditional());
    }
    return Nodes.tuple(all);
  }

  private boolean beginsExpression() {
    return symbols.current().kind() != Kind.END
        && !symbols.is(")")
        && !symbols.is("]")
        && !symbols.is("}")
        && !symbols.is("=");
  }

  Expression conditional() {
    if (++depth > DEEPEST) {
      throw new TemplateException("an expression must nest at most %d deep".formatted(DEEPEST));
    }
    Expression value = or();
    while (symbols.skip("if")) {
      Expression condition = or();
      Expression otherwise =
          symbols.skip("else") ? conditional() : Nodes.constant(Undefined.INSTANCE);
      value = Nodes.choice(condition, value, otherwise);
    }
    depth--;
    return value;
  }

  Expression or() {
    Expression value = and();
    while (symbols.skip("or")) {
      value = Nodes.or(value, and());
    }
    return value;
  }

  private Expression and() {
    Expression value = not();
    while (symbols.skip("and")) {
      value = Nodes.and(value, not());
    }
    return value;
  }

  private Expression not() {
    int count = 0;
    while (symbols.skip("not")) {
      count++;
    }
    Expression value = comparison();
    return count == 0 ? value : Nodes.not(count % 2 == 1 ? value : Nodes.not(value));
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> compared = new ArrayList<>(List.of(first));
    while (true) {
      Symbol symbol = symbols.current();
      if (symbol.kind() == Kind.OPERATOR && COMPARISONS.contains(symbol.text())) {
        operators.add(symbols.next().text());
      } else if (symbols.skip("in")) {
        operators.add("in");
      } else if (symbols.is("not") && symbols.following().isName("in")) {
        symbols.next();
        symbols.next();
        operators.add("not in");
      } else {
        return operators.isEmpty() ? first : Nodes.comparison(compared, operators);
      }
      compared.add(sum());
    }
  }

  private Expression sum() {
    Expression value = concatenation();
    while (symbols.is("+") || symbols.is("-")) {
      boolean plus = symbols.next().text().equals("+");
      Expression other = concatenation();
      value = plus ? Nodes.sum(value, other) : Nodes.arithmetic("-", value, other);
    }
    return value;
  }

  private Expression concatenation() {
    Expression value = product();
    while (symbols.skip("~")) {
      value = Nodes.concatenation(value, product());
    }
    return value;
  }

  private Expression product() {
    Expression value = signed(true);
    while (symbols.is("*") || symbols.is("/") || symbols.is("//") || symbols.is("%")) {
      String operator = symbols.next().text();
      value = Nodes.arithmetic(operator, value, signed(true));
    }
    return value;
  }

  /**
   * @param filtered whether filters and tests may follow
   */
  private Expression signed(boolean filtered) {
    Expression value;
    if (symbols.skip("-")) {
      value = Nodes.negative(signed(false));
    } else if (symbols.skip("+")) {
      value = signed(false);
    } else {
      value = operands.operand();
    }
    value = filtered ? operands.filtered(value) : value;
    return symbols.skip("**") ? Nodes.arithmetic("**", value, signed(true)) : value;
  }
}
