package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.adapters.ProjectionShape.Kind;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A projection's parameters and its mathematics as TorchScript text: {@code project(self, p:
 * List[Tensor], tokens: Tensor, embedding: Tensor) -> Tensor} from token states {@code [n, tokens,
 * width]} and embeddings {@code [n, width]} to rows {@code [n, rows, output]}. Immutable.
 */
final class Projection implements AdapterNetwork {
  private final ProjectionShape shape;
  private final ParameterSlots slots = new ParameterSlots();

  /**
   * @param outputScale the root mean square of a row's values, as of the model's token embeddings
   */
  Projection(ProjectionShape shape, double outputScale) {
    this.shape = shape;
    if (shape.readsTokens()) {
      slots.norm("token_norm", shape.encoder().width());
    }
    if (shape.readsEmbedding()) {
      slots.norm("embedding_norm", shape.encoder().embeddingWidth());
    }
    switch (shape.kind()) {
      case LINEAR, ONE_TOKEN -> linearLayers();
      case MLP -> feedForwards();
      case QUERY -> queryTransformer();
      case ZERO_GATED -> throw new IllegalArgumentException("zero_gated gives no rows");
    }
    slots.constant("output_norm.weight", outputScale, shape.outputWidth());
  }

  private void linearLayers() {
    if (shape.readsTokens()) {
      slots.linear("linear", shape.outputWidth(), shape.encoder().width());
    }
    if (shape.readsEmbedding()) {
      int rows = shape.embeddingRows() * shape.outputWidth();
      slots.linear("embedding.linear", rows, shape.encoder().embeddingWidth());
    }
  }

  private void feedForwards() {
    int hidden = shape.hiddenWidth();
    if (shape.readsTokens()) {
      slots.linear("linear_1", hidden, shape.encoder().width());
      slots.linear("linear_2", shape.outputWidth(), hidden);
    }
    if (shape.readsEmbedding()) {
      slots.linear("embedding.linear_1", hidden, shape.encoder().embeddingWidth());
      slots.linear("embedding.linear_2", shape.embeddingRows() * shape.outputWidth(), hidden);
    }
  }

  private void queryTransformer() {
    int hidden = shape.hiddenWidth();
    slots.random("query_tokens", 1, 1, shape.queries(), hidden);
    if (shape.readsTokens()) {
      slots.linear("token_input", hidden, shape.encoder().width());
    }
    if (shape.readsEmbedding()) {
      slots.linear("embedding_input", hidden, shape.encoder().embeddingWidth());
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      String prefix = "layers." + layer + ".";
      for (String attention : List.of("self_attention", "cross_attention")) {
        slots.norm(prefix + attention + "_norm", hidden);
        for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
          slots.linear(prefix + attention + "." + part, hidden, hidden);
        }
      }
      slots.norm(prefix + "feed_forward_norm", hidden);
      slots.linear(prefix + "fc1", 4 * hidden, hidden);
      slots.linear(prefix + "fc2", hidden, 4 * hidden);
    }
    slots.norm("norm", hidden);
    slots.linear("output", shape.outputWidth(), hidden);
  }

  @Override
  public List<Parameter> initialise(RandomGenerator random) {
    return slots.initialise(random);
  }

  @Override
  public String script(String module, boolean bfloat16) {
    var text = new ScriptText(module, slots.names(), bfloat16);
    text.method("project", "tokens: Tensor, embedding: Tensor");
    if (shape.readsTokens()) {
      text.line("seen = %s", text.layerNorm("token_norm", pooled(text)));
    }
    if (shape.readsEmbedding()) {
      text.line("whole = %s", text.layerNorm("embedding_norm", "embedding"));
    }
    text.line("n = torch.size(%s, 0)", shape.readsTokens() ? "seen" : "whole");
    switch (shape.kind()) {
      case LINEAR, ONE_TOKEN -> {
        String seen = shape.readsTokens() ? text.linear("linear", "seen") : "";
        join(text, seen, shape.readsEmbedding() ? text.linear("embedding.linear", "whole") : "");
      }
      case MLP -> {
        String seen = shape.readsTokens() ? twoLayers(text, "", "seen") : "";
        join(text, seen, shape.readsEmbedding() ? twoLayers(text, "embedding.", "whole") : "");
      }
      default -> writeQueries(text);
    }
    text.line("square = torch.add(torch.mean(torch.mul(rows, rows), [-1], True), 1e-6)");
    text.line(
        "return torch.mul(torch.mul(rows, torch.rsqrt(square)), %s)",
        text.parameter("output_norm.weight"));
    if (shape.kind() == Kind.QUERY) {
      writeAttention(text);
    }
    return text.toString();
  }

  /** Special tokens, where they are kept, before the patches' means. */
  private String pooled(ScriptText text) {
    FeatureShape encoder = shape.encoder();
    int special = encoder.specialTokens();
    ProjectionShape.Pool pool = shape.pool();
    text.line("patches = torch.slice(tokens, 1, %d, %d)", special, encoder.tokens());
    if (!pool.equals(ProjectionShape.Pool.NONE)) {
      int rows = encoder.gridRows() / pool.rows();
      int columns = encoder.gridColumns() / pool.columns();
      text.line(
          "blocks = torch.reshape(patches, [torch.size(tokens, 0), %d, %d, %d, %d, %d])",
          rows, pool.rows(), columns, pool.columns(), encoder.width());
      text.line(
          "patches = torch.reshape(torch.mean(blocks, [2, 4]), [torch.size(tokens, 0), %d, %d])",
          rows * columns, encoder.width());
    }
    if (shape.keepSpecial()) {
      text.line("patches = torch.cat([torch.slice(tokens, 1, 0, %d), patches], 1)", special);
    }
    return "patches";
  }

  private static String twoLayers(ScriptText text, String prefix, String input) {
    String inner = "torch.gelu(%s)".formatted(text.linear(prefix + "linear_1", input));
    return text.linear(prefix + "linear_2", inner);
  }

  /** Rows of the embedding before rows of the tokens, as far as there are any. */
  private void join(ScriptText text, String tokens, String embedding) {
    String whole =
        "torch.reshape(%s, [n, %d, %d])"
            .formatted(embedding, shape.embeddingRows(), shape.outputWidth());
    if (embedding.isEmpty() || tokens.isEmpty()) {
      text.line("rows = %s", embedding.isEmpty() ? tokens : whole);
    } else {
      text.line("rows = torch.cat([%s, %s], 1)", whole, tokens);
    }
  }

  private void writeQueries(ScriptText text) {
    String tokens = shape.readsTokens() ? text.linear("token_input", "seen") : "";
    String whole =
        shape.readsEmbedding()
            ? "torch.unsqueeze(%s, 1)".formatted(text.linear("embedding_input", "whole"))
            : "";
    if (tokens.isEmpty() || whole.isEmpty()) {
      text.line("source = %s", tokens.isEmpty() ? whole : tokens);
    } else {
      text.line("source = torch.cat([%s, %s], 1)", whole, tokens);
    }
    text.line(
        "x = torch.expand(%s, [n, %d, %d])",
        text.parameter("query_tokens"), shape.queries(), shape.hiddenWidth());
    for (int layer = 0; layer < shape.layers(); layer++) {
      String prefix = "layers." + layer + ".";
      text.line("a = %s", text.layerNorm(prefix + "self_attention_norm", "x"));
      text.line("x = torch.add(x, %s)", attention(text, prefix + "self_attention.", "a"));
      text.line("a = %s", text.layerNorm(prefix + "cross_attention_norm", "x"));
      text.line("x = torch.add(x, %s)", attention(text, prefix + "cross_attention.", "source"));
      text.line("a = %s", text.layerNorm(prefix + "feed_forward_norm", "x"));
      text.line(
          "x = torch.add(x, %s)",
          text.linear(
              prefix + "fc2", "torch.gelu(%s)".formatted(text.linear(prefix + "fc1", "a"))));
    }
    text.line("rows = %s", text.linear("output", text.layerNorm("norm", "x")));
  }

  /** Attention of {@code a} to {@code source}. */
  private static String attention(ScriptText text, String prefix, String source) {
    String mixed =
        "self.attend(%s, %s, %s)"
            .formatted(
                text.linear(prefix + "q_proj", "a"),
                text.linear(prefix + "k_proj", source),
                text.linear(prefix + "v_proj", source));
    return text.linear(prefix + "out_proj", mixed);
  }

  private void writeAttention(ScriptText text) {
    int hidden = shape.hiddenWidth();
    String split =
        "torch.permute(torch.reshape(%%s, [torch.size(q, 0), -1, %d, %d]), [0, 2, 1, 3])"
            .formatted(shape.heads(), hidden / shape.heads());
    text.helper("attend", "q: Tensor, k: Tensor, v: Tensor");
    text.line(
        "mixed = torch.scaled_dot_product_attention(%s, %s, %s)",
        split.formatted("q"), split.formatted("k"), split.formatted("v"));
    text.line(
        "return torch.reshape(torch.permute(mixed, [0, 2, 1, 3]), [torch.size(q, 0), -1, %d])",
        hidden);
  }
}
