package io.sensorium.language.template;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A template's expressions, each read once. Thread-safe. */
final class Expressions {
  private final Map<String, Expression> expressions = new ConcurrentHashMap<>();
  private final Map<String, Parser.Loop> loops = new ConcurrentHashMap<>();
  private final Map<String, Parser.Assignment> assignments = new ConcurrentHashMap<>();
  private final Map<String, Parser.Macro> macros = new ConcurrentHashMap<>();

  Expression expression(String text) {
    return expressions.computeIfAbsent(text, Parser::expression);
  }

  Parser.Loop loop(String text) {
    return loops.computeIfAbsent(text, Parser::loop);
  }

  Parser.Assignment assignment(String text) {
    return assignments.computeIfAbsent(text, Parser::assignment);
  }

  Parser.Macro macro(String text) {
    return macros.computeIfAbsent(text, Parser::macro);
  }
}
