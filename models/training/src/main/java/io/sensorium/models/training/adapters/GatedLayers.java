package io.sensorium.models.training.adapters;

import io.sensorium.models.training.DecoderShape;
import io.sensorium.models.training.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * An adapter that adds to every layer's attention, as ImageBind-LLM has it (Han et al.,
 * arXiv:2309.03905): the mean of a lesson's embeddings goes through a bind network, every layer
 * adds a query of its own, the frozen value projection reads the sum, and a gate that begins at 0
 * weighs each head, so that training begins with the language model as it is.
 *
 * <p>As TorchScript text: {@code additions(self, p: List[Tensor], embeddings: Tensor, shares:
 * Tensor, frozen: List[Tensor]) -> Tensor} from embeddings {@code [media, width]}, their shares in
 * lessons {@code [n, media]} and the frozen model's weights to {@code [n, layers, heads * head
 * size]}. Immutable.
 */
final class GatedLayers implements AdapterNetwork {
  /** The embedding is a unit vector; this makes the stream's values about 1. */
  private static final double INPUT_DEVIATION = 1;

  /** Queries begin small beside the stream. */
  private static final double QUERY_DEVIATION = 0.1;

  private final ProjectionShape shape;
  private final DecoderShape decoder;
  private final ParameterSlots slots = new ParameterSlots();

  GatedLayers(ProjectionShape shape, DecoderShape decoder) {
    this.shape = shape;
    this.decoder = decoder;
    int width = decoder.hidden();
    int inner = shape.hiddenWidth();
    slots.random("proj.weight", INPUT_DEVIATION, width, shape.encoder().embeddingWidth());
    slots.constant("proj.bias", 0, width);
    for (int block = 1; block <= shape.layers(); block++) {
      slots.constant("norm_" + block + ".weight", 1, width);
      slots.random("f1_" + block + ".weight", 1 / Math.sqrt(width), inner, width);
      slots.random("f2_" + block + ".weight", 1 / Math.sqrt(inner), width, inner);
      slots.random("f3_" + block + ".weight", 1 / Math.sqrt(width), inner, width);
    }
    slots.random("prefix_query.weight", QUERY_DEVIATION, decoder.layers(), width);
    for (int layer = 0; layer < decoder.layers(); layer++) {
      slots.constant(gate(layer), 0, decoder.heads());
    }
  }

  private static String gate(int layer) {
    return "layers." + layer + ".gate";
  }

  @Override
  public List<Parameter> initialise(RandomGenerator random) {
    return slots.initialise(random);
  }

  /** The frozen model's value projections under their names in the adapter's checkpoint. */
  static List<Parameter> valueProjections(FrozenDecoder decoder) {
    var copies = new ArrayList<Parameter>();
    for (int layer = 0; layer < decoder.shape().layers(); layer++) {
      Parameter found = decoder.weights().get(values(decoder.shape(), layer));
      copies.add(
          new Parameter("layers." + layer + ".v_proj.weight", found.shape(), found.values()));
    }
    return copies;
  }

  /** Where a layer's value projection stands among the model's weights. */
  private static int values(DecoderShape decoder, int layer) {
    String name = "model.layers." + layer + ".self_attn.v_proj.weight";
    List<String> names = decoder.slots().stream().map(DecoderShape.Slot::name).toList();
    return names.indexOf(name);
  }

  @Override
  public String script(String module, boolean bfloat16) {
    var text = new ScriptText(module, slots.names(), bfloat16);
    text.method("additions", "embeddings: Tensor, shares: Tensor, frozen: List[Tensor]");
    text.line("v = %s", text.linear("proj", "torch.matmul(shares, embeddings)"));
    for (int block = 1; block <= shape.layers(); block++) {
      text.line("square = torch.add(torch.mean(torch.mul(v, v), [-1], True), 1e-6)");
      text.line(
          "normed = torch.mul(torch.mul(v, torch.rsqrt(square)), %s)",
          text.parameter("norm_" + block + ".weight"));
      text.line("gate = torch.silu(%s)", times(text, "f1_" + block, "normed"));
      text.line("inner = torch.mul(gate, %s)", times(text, "f3_" + block, "normed"));
      text.line("v = torch.add(v, %s)", times(text, "f2_" + block, "inner"));
    }
    for (int layer = 0; layer < decoder.layers(); layer++) {
      writeLayer(text, layer);
    }
    text.line(
        "return torch.cat([%s], 1)",
        String.join(
            ", ", IntStream.range(0, decoder.layers()).mapToObj(layer -> "a" + layer).toList()));
    return text.toString();
  }

  private static String times(ScriptText text, String name, String input) {
    return "torch.linear(%s, %s)".formatted(input, text.parameter(name + ".weight"));
  }

  /** {@code tanh(gate) * Wv(v + query)} of one layer, {@code [n, 1, heads * head size]}. */
  private void writeLayer(ScriptText text, int layer) {
    int keys = decoder.keyValueHeads();
    int group = decoder.heads() / keys;
    text.line(
        "read = torch.add(v, torch.select(%s, 0, %d))",
        text.parameter("prefix_query.weight"), layer);
    text.line("values = torch.linear(read, frozen[%d])", values(decoder, layer));
    text.line("heads = torch.reshape(values, [-1, %d, 1, %d])", keys, decoder.headSize());
    text.line(
        "weights = torch.reshape(torch.tanh(%s), [1, %d, %d, 1])",
        text.parameter(gate(layer)), keys, group);
    text.line(
        "a%d = torch.reshape(torch.mul(heads, weights), [-1, 1, %d])",
        layer, decoder.heads() * decoder.headSize());
  }
}
