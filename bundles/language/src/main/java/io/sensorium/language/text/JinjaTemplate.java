package io.sensorium.language.text;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.Map;

/** A chat template. Thread-safe. */
final class JinjaTemplate {
  private static final long MAX_CHARACTERS = 16 << 20;

  private static final LegacyOverrides AS_JINJA2 =
      LegacyOverrides.newBuilder()
          .withEvaluateMapKeys(true)
          .withIterateOverMapKeys(true)
          .withUsePyishObjectMapper(true)
          .withUseNaturalOperatorPrecedence(true)
          .withParseWhitespaceControlStrictly(true)
          .withAllowAdjacentTextNodes(true)
          .withUseTrimmingForNotesAndExpressions(true)
          .withKeepNullableLoopValues(true)
          .build();

  private final String source;
  private final Jinjava engine;

  JinjaTemplate(String source) {
    this.source = source;
    JinjavaConfig config =
        JinjavaConfig.newBuilder()
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            .withNestedInterpretationEnabled(false)
            .withMaxOutputSize(MAX_CHARACTERS)
            .withLegacyOverrides(AS_JINJA2)
            .build();
    engine = new Jinjava(config);
    engine.registerFunction(
        new ELFunctionDefinition(
            "", "raise_exception", JinjaTemplate.class, "raise", Object.class));
  }

  /** What templates call to refuse a conversation. */
  public static Object raise(Object message) {
    if (message instanceof String text) {
      throw new IllegalArgumentException(text);
    }
    throw new IllegalArgumentException("" + message);
  }

  /**
   * Writes down what the template makes of its variables.
   *
   * @throws IllegalArgumentException if it refuses them or fails
   */
  String render(Map<String, Object> variables) {
    RenderResult result = engine.renderForResult(source, variables);
    if (result.hasErrors()) {
      TemplateError error = result.getErrors().getFirst();
      throw new IllegalArgumentException(cause(error));
    }
    return result.getOutput();
  }

  /** What the template itself said if it refused, else what went wrong. */
  private static String cause(TemplateError error) {
    for (Throwable t = error.getException(); t != null; t = t.getCause()) {
      if (t instanceof IllegalArgumentException) {
        return t.getMessage();
      }
    }
    return error.getMessage();
  }
}
