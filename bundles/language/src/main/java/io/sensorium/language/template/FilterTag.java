package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;

/** {@code filter}, which puts what its block writes through filters. */
final class FilterTag implements Tag {
  private static final long serialVersionUID = 1L;
  private static final String BLOCK = "block";

  private final transient Expressions expressions;

  FilterTag(Expressions expressions) {
    this.expressions = expressions;
  }

  @Override
  public String getName() {
    return "filter";
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    String written = GenerationTag.block(tag, interpreter);
    Expression filtered = expressions.expression(BLOCK + "|" + tag.getHelpers());
    try (var _ = interpreter.enterScope()) {
      interpreter.getContext().put(BLOCK, written);
      return PythonText.str(filtered.eval(interpreter));
    }
  }
}
