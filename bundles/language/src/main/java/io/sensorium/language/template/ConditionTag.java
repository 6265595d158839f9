package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.IfTag;
import com.hubspot.jinjava.tree.TagNode;

/** {@code if} and {@code elif}, by what Python takes for true. */
final class ConditionTag extends IfTag {
  private static final long serialVersionUID = 1L;

  private final transient Expressions expressions;

  ConditionTag(Expressions expressions) {
    this.expressions = expressions;
  }

  @Override
  public boolean isPositiveIfElseNode(TagNode tag, JinjavaInterpreter interpreter) {
    return Python.truth(expressions.expression(tag.getHelpers()).eval(interpreter));
  }
}
