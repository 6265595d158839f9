package io.sensorium.models.training.adapters;

import java.util.List;
import java.util.Locale;

/**
 * TorchScript methods while they are written; parameters go by their names. One thread at a time.
 */
final class ScriptText {
  private static final double EPSILON = 1e-5;

  private final String module;
  private final List<String> parameters;
  private final boolean bfloat16;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param parameters names in the order of the list {@code p}
   * @param bfloat16 whether linear layers compute their products in bfloat16
   */
  ScriptText(String module, List<String> parameters, boolean bfloat16) {
    this.module = module;
    this.parameters = parameters;
    this.bfloat16 = bfloat16;
  }

  /** Begins a method that takes the parameters before its own arguments. */
  void method(String name, String arguments) {
    helper(name, "p: List[Tensor], " + arguments);
  }

  /** Begins a method. */
  void helper(String name, String arguments) {
    text.append("  def %s(self: __torch__.%s, %s) -> Tensor:\n".formatted(name, module, arguments));
  }

  void line(String format, Object... values) {
    text.append("    ").append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  String parameter(String name) {
    int index = parameters.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("there is no parameter " + name);
    }
    return "p[" + index + "]";
  }

  String linear(String name, String input) {
    String product =
        bfloat16
            ? "torch.to(torch.linear(torch.to(%s, 15), torch.to(%s, 15), torch.to(%s, 15)), 6)"
            : "torch.linear(%s, %s, %s)";
    return product.formatted(input, parameter(name + ".weight"), parameter(name + ".bias"));
  }

  String layerNorm(String name, String input) {
    String weight = parameter(name + ".weight");
    return "torch.layer_norm(%s, [torch.size(%s, -1)], %s, %s, %s)"
        .formatted(input, input, weight, parameter(name + ".bias"), EPSILON);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
