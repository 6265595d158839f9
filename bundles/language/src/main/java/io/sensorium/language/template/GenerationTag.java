package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;

/** {@code generation}, which marks for training what the model is to say; it writes its block. */
final class GenerationTag implements Tag {
  private static final long serialVersionUID = 1L;

  @Override
  public String getName() {
    return "generation";
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    return block(tag, interpreter);
  }

  /** What a statement's block writes, in a scope of its own. */
  static String block(TagNode tag, JinjavaInterpreter interpreter) {
    StringBuilder text = new StringBuilder();
    try (var _ = interpreter.enterScope()) {
      for (Node child : tag.getChildren()) {
        text.append(child.render(interpreter).getValue());
        Limits.requireRoom(text);
      }
    }
    return text.toString();
  }
}
