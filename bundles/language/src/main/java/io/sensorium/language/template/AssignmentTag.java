package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.FlexibleTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.TagToken;
import java.util.List;

/** {@code set}: of names, of a namespace's attribute, or to what a block writes. */
final class AssignmentTag implements Tag, FlexibleTag {
  private static final long serialVersionUID = 1L;

  private final transient Expressions expressions;

  AssignmentTag(Expressions expressions) {
    this.expressions = expressions;
  }

  @Override
  public String getName() {
    return "set";
  }

  @Override
  public String getEndTagName() {
    return "endset";
  }

  @Override
  public boolean hasEndTag(TagToken tag) {
    return expressions.assignment(tag.getHelpers()).value() == null;
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    StatementParser.Assignment assignment = expressions.assignment(tag.getHelpers());
    Object value =
        assignment.value() == null
            ? GenerationTag.block(tag, interpreter)
            : assignment.value().eval(interpreter);
    List<String> targets = assignment.targets();
    int dot = targets.getFirst().indexOf('.');
    if (targets.size() > 1 || dot < 0) {
      LoopTag.assign(targets, value, interpreter.getContext());
      return "";
    }
    String name = targets.getFirst().substring(0, dot);
    if (!(interpreter.getContext().get(name) instanceof Functions.Namespace namespace)) {
      throw new TemplateException(
          "attributes can be set of namespaces alone; '%s' is none".formatted(name));
    }
    namespace.put(targets.getFirst().substring(dot + 1), value);
    return "";
  }
}
