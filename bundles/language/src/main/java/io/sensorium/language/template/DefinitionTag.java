package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import java.util.LinkedHashMap;

/** {@code macro}: a block with parameters, which expressions can call. */
final class DefinitionTag implements Tag {
  private static final long serialVersionUID = 1L;

  private final transient Expressions expressions;

  DefinitionTag(Expressions expressions) {
    this.expressions = expressions;
  }

  @Override
  public String getName() {
    return "macro";
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    StatementParser.Macro header = expressions.macro(tag.getHelpers());
    LinkedHashMap<String, Object> parameters = new LinkedHashMap<>();
    header
        .parameters()
        .forEach((name, value) -> parameters.put(name, Variables.stored(value.eval(interpreter))));
    interpreter
        .getContext()
        .addGlobalMacro(
            new MacroFunction(
                tag.getChildren(),
                header.name(),
                parameters,
                false,
                interpreter.getContext(),
                tag.getLineNumber(),
                tag.getStartPosition()));
    return "";
  }
}
