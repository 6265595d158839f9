package io.sensorium.language.template;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A template's expressions, each read once. Thread-safe. */
final class Expressions {
  private final Map<String, Expression> expressions = new ConcurrentHashMap<>();
  private final Map<String, StatementParser.Loop> loops = new ConcurrentHashMap<>();
  private final Map<String, StatementParser.Assignment> assignments = new ConcurrentHashMap<>();
  private final Map<String, StatementParser.Macro> macros = new ConcurrentHashMap<>();

  Expression expression(String text) {
    return expressions.computeIfAbsent(text, ExpressionParser::expression);
  }

  StatementParser.Loop loop(String text) {
    return loops.computeIfAbsent(text, StatementParser::loop);
  }

  StatementParser.Assignment assignment(String text) {
    return assignments.computeIfAbsent(text, StatementParser::assignment);
  }

  StatementParser.Macro macro(String text) {
    return macros.computeIfAbsent(text, StatementParser::macro);
  }
}
