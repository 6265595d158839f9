package io.sensorium.language.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.expression.ExpressionStrategy;
import com.hubspot.jinjava.mode.ExecutionMode;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A chat template: Jinja2 as transformers runs it, in a sandbox. It reaches nothing but the values
 * it is given, and ends within limits of time, statements and characters. Thread-safe.
 */
public final class JinjaTemplate {
  private static final Set<String> STATEMENTS =
      Set.of(
          "for",
          "else",
          "elif",
          "if",
          "set",
          "macro",
          "filter",
          "generation",
          "raw",
          "break",
          "continue");

  private static final LegacyOverrides AS_JINJA2 =
      LegacyOverrides.newBuilder()
          .withEvaluateMapKeys(true)
          .withIterateOverMapKeys(true)
          .withParseWhitespaceControlStrictly(true)
          .withAllowAdjacentTextNodes(true)
          .withUseTrimmingForNotesAndExpressions(true)
          .build();

  private final String source;
  private final Clock clock;
  private final Expressions expressions = new Expressions();
  private final Jinjava engine = engine();

  /**
   * @param source the template; a mistake in it shows when it is rendered
   * @param clock tells {@code strftime_now} the time, and its zone
   */
  public JinjaTemplate(String source, Clock clock) {
    this.source = source;
    this.clock = clock;
    engine.registerTag(new LoopTag(expressions));
    engine.registerTag(new AssignmentTag(expressions));
    engine.registerTag(new ConditionTag(expressions));
    engine.registerTag(new DefinitionTag(expressions));
    engine.registerTag(new FilterTag(expressions));
    engine.registerTag(new GenerationTag());
  }

  private static Jinjava engine() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // The library looks for its own classes through the thread.
    thread.setContextClassLoader(Jinjava.class.getClassLoader());
    try {
      return new Jinjava();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Writes down what the template makes of its variables.
   *
   * @param variables strings, numbers, booleans, null, lists and maps of these
   * @throws TemplateException if it refuses them, fails or goes on for too long
   */
  public String render(Map<String, ?> variables) {
    String trimmed = TemplateSource.trimmed(source);
    RenderResult result;
    try {
      result = engine.renderForResult(trimmed, Variables.stored(variables), config());
    } catch (StackOverflowError e) {
      throw new TemplateException("a template must not nest that deep");
    }
    if (result.hasErrors()) {
      throw new TemplateException(reason(result.getErrors()));
    }
    return result.getOutput();
  }

  /** What the template itself said if it refused, else what went wrong first. */
  private static String reason(List<TemplateError> errors) {
    for (TemplateError error : errors) {
      for (Throwable t = error.getException(); t != null; t = t.getCause()) {
        if (t instanceof TemplateException) {
          return t.getMessage();
        }
      }
    }
    return errors.getFirst().getMessage();
  }

  private JinjavaConfig config() {
    Set<String> tags = new TreeSet<>();
    engine.getGlobalContext().getAllTags().forEach(tag -> tags.add(tag.getName()));
    tags.removeIf(name -> STATEMENTS.contains(name) || name.startsWith("end"));
    return JinjavaConfig.newBuilder()
        .withNestedInterpretationEnabled(false)
        .withEnableRecursiveMacroCalls(true)
        .withMaxMacroRecursionDepth(Limits.DEPTH)
        .withMaxOutputSize(Limits.CHARACTERS)
        .withDisabled(Map.of(Context.Library.TAG, tags))
        .withTimeZone(clock.getZone())
        .withDateTimeProvider(clock::millis)
        .withLegacyOverrides(AS_JINJA2)
        .withProcessors(JinjavaProcessors.newBuilder().withNodePreProcessor(new Limits()).build())
        .withExecutionMode(new OwnExpressions(expressions))
        .build();
  }

  /** Has expressions evaluated here rather than by the library. */
  private record OwnExpressions(Expressions expressions) implements ExecutionMode {
    @Override
    public void prepareContext(Context context) {
      context.setExpressionStrategy(new Output(expressions));
    }
  }

  /** What {@code {{ }}} writes. */
  private static final class Output implements ExpressionStrategy {
    private static final long serialVersionUID = 1L;
    private final transient Expressions expressions;

    Output(Expressions expressions) {
      this.expressions = expressions;
    }

    @Override
    public RenderedOutputNode interpretOutput(
        ExpressionToken token, JinjavaInterpreter interpreter) {
      Object value = expressions.expression(token.getExpr()).eval(interpreter);
      return new RenderedOutputNode(PythonText.str(value));
    }
  }
}
