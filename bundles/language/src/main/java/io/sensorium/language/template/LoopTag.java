package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import java.util.ArrayList;
import java.util.List;

/** {@code for}, with a condition on elements and an {@code else} for none. */
final class LoopTag implements Tag {
  private static final long serialVersionUID = 1L;
  private static final String ELSE = "else";

  private final transient Expressions expressions;

  LoopTag(Expressions expressions) {
    this.expressions = expressions;
  }

  @Override
  public String getName() {
    return "for";
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    StatementParser.Loop header = expressions.loop(tag.getHelpers());
    List<Object> elements = elements(header, interpreter);
    if (elements.size() > Limits.ELEMENTS) {
      throw new TemplateException(
          "a loop must have at most %d rounds; got %d".formatted(Limits.ELEMENTS, elements.size()));
    }
    int otherwise = otherwise(tag);
    if (elements.isEmpty()) {
      return written(tag.getChildren().stream().skip(otherwise + 1L).toList(), interpreter);
    }
    List<Node> body = tag.getChildren().stream().limit(otherwise).toList();
    StringBuilder text = new StringBuilder();
    ForLoop loop = new ForLoop(elements.iterator(), elements.size());
    while (loop.hasNext()) {
      Object element = loop.next();
      try (var _ = interpreter.enterScope()) {
        interpreter.getContext().put("loop", loop);
        assign(header.targets(), element, interpreter.getContext());
        for (int i = 0; i < body.size() && !loop.isContinued(); i++) {
          text.append(body.get(i).render(interpreter).getValue());
        }
      }
      Limits.requireRoom(text);
    }
    return text.toString();
  }

  private static List<Object> elements(
      StatementParser.Loop header, JinjavaInterpreter interpreter) {
    List<Object> all = Python.list(header.elements().eval(interpreter));
    if (header.condition() == null) {
      return all;
    }
    List<Object> kept = new ArrayList<>();
    for (Object element : all) {
      try (var _ = interpreter.enterScope()) {
        assign(header.targets(), element, interpreter.getContext());
        if (Python.truth(header.condition().eval(interpreter))) {
          kept.add(element);
        }
      }
    }
    return kept;
  }

  private static int otherwise(TagNode tag) {
    int place = 0;
    for (Node node : tag.getChildren()) {
      if (node instanceof TagNode child && child.getName().equals(ELSE)) {
        return place;
      }
      place++;
    }
    return place;
  }

  private static String written(List<Node> nodes, JinjavaInterpreter interpreter) {
    StringBuilder text = new StringBuilder();
    nodes.forEach(node -> text.append(node.render(interpreter).getValue()));
    return text.toString();
  }

  /** Gives a value to a name, or its elements to several. */
  static void assign(List<String> targets, Object value, Context context) {
    if (targets.size() == 1) {
      Variables.put(context, targets.getFirst(), value);
      return;
    }
    List<Object> values = Python.list(value);
    if (values.size() != targets.size()) {
      throw new TemplateException(
          "%d values are required; got %d".formatted(targets.size(), values.size()));
    }
    for (int i = 0; i < values.size(); i++) {
      Variables.put(context, targets.get(i), values.get(i));
    }
  }
}
