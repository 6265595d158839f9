package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.Node;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Ends a template that runs for too long. One rendering's own; one thread at a time. */
final class Limits implements BiConsumer<Node, JinjavaInterpreter> {
  /** Of a range, and rounds of a loop, at most. */
  static final int ELEMENTS = 100_000;

  /** Characters written at most. */
  static final long CHARACTERS = 1L << 24;

  /** Statements within each other at most. */
  static final int DEPTH = 64;

  private static final int STATEMENTS = 200_000;
  private static final Duration TIME = Duration.ofSeconds(5);

  private final long begin = System.nanoTime();
  private int statements;

  @Override
  public void accept(Node node, JinjavaInterpreter interpreter) {
    if (++statements > STATEMENTS) {
      throw new TemplateException(
          "a template must run at most %d statements".formatted(STATEMENTS));
    }
    if (System.nanoTime() - begin > TIME.toNanos()) {
      throw new TemplateException("a template must be done within %s".formatted(TIME));
    }
  }

  static void requireRoom(CharSequence text) {
    if (text.length() > CHARACTERS) {
      throw new TemplateException(
          "a template must write at most %d characters".formatted(CHARACTERS));
    }
  }
}
