package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.Optional;

/** Writes one adapter from features to rows. Used once. */
final class ProjectionGraph {
  private static final String TOKEN_STATES = "token_states";
  private static final String EMBEDDING = "embedding";
  private static final double NORM_EPSILON = 1e-5;
  private static final double OUTPUT_EPSILON = 1e-6;

  private final Draft draft;
  private final Operators operators;
  private final Layers layers;
  private final ProjectionShape shape;
  private final String prefix;

  /**
   * @param prefix of the tensors' names
   */
  ProjectionGraph(Draft draft, ProjectionShape shape, String prefix) {
    this.draft = draft;
    this.operators = draft.operators();
    this.layers = draft.layers();
    this.shape = shape;
    this.prefix = prefix;
  }

  void write() {
    Optional<Value> tokens = shape.readsTokens() ? Optional.of(tokens()) : Optional.empty();
    Optional<Value> embedding =
        shape.readsEmbedding() ? Optional.of(embedding()) : Optional.empty();
    Value rows =
        shape.kind().equals(ProjectionShape.QUERY)
            ? new QueryTransformer(draft, shape, prefix).write(tokens, embedding)
            : joined(embedding.map(this::rowsOfEmbedding), tokens.map(x -> projected(x, "")));
    draft.graph().output("media_embeds", shape.normsOutput() ? scaled(rows) : rows);
  }

  /** One after the other, those that there are. */
  private Value joined(Optional<Value> first, Optional<Value> second) {
    if (first.isPresent() && second.isPresent()) {
      return operators.concat("rows", 1, first.get(), second.get());
    }
    return first.or(() -> second).orElseThrow();
  }

  /** The features among the token states: {@code [n, features, width]}. */
  private Value tokens() {
    Value states =
        draft
            .graph()
            .input(
                TOKEN_STATES,
                ElementType.FLOAT32,
                Shape.DYNAMIC,
                shape.tokens(),
                shape.inputWidth());
    int from = shape.keepsSpecial() ? 0 : shape.specialTokens();
    Value chosen =
        shape.pooling().isNeeded()
            ? pooled(states, from)
            : operators.tokens(TOKEN_STATES, states, from, shape.tokens());
    return shape.normsInput()
        ? layers.layerNorm(prefix + "token_norm", chosen, NORM_EPSILON)
        : chosen;
  }

  /** Chooses and averages in one product with a constant matrix. */
  private Value pooled(Value states, int from) {
    Extent cells = shape.pooling().cells();
    int special = shape.specialTokens() - from;
    int rows = special + (int) cells.area();
    Tensor matrix = Tensor.ofFloats(Shape.of(rows, shape.tokens()), weights(special, rows));
    return draft
        .graph()
        .node("MatMul")
        .in(draft.graph().constant("pooling", matrix), states)
        .out(TOKEN_STATES, states.type(), states.shape().with(1, rows));
  }

  private float[] weights(int special, int rows) {
    Extent grid = shape.pooling().grid();
    Extent window = shape.pooling().window();
    int columns = shape.pooling().cells().columns();
    float[] weights = new float[rows * shape.tokens()];
    for (int token = 0; token < special; token++) {
      weights[token * shape.tokens() + token] = 1;
    }
    for (int row = 0; row < grid.rows(); row++) {
      for (int column = 0; column < grid.columns(); column++) {
        int cell = special + row / window.rows() * columns + column / window.columns();
        int token = shape.specialTokens() + row * grid.columns() + column;
        weights[cell * shape.tokens() + token] = 1f / window.area();
      }
    }
    return weights;
  }

  private Value embedding() {
    Value vector =
        draft.graph().input(EMBEDDING, ElementType.FLOAT32, Shape.DYNAMIC, shape.embeddingWidth());
    return shape.normsInput()
        ? layers.layerNorm(prefix + "embedding_norm", vector, NORM_EPSILON)
        : vector;
  }

  private Value rowsOfEmbedding(Value vector) {
    Value wide = projected(vector, "embedding.");
    return operators.reshape(
        EMBEDDING + ".rows", wide, -1, shape.embeddingRows(), shape.outputWidth());
  }

  /**
   * By one linear layer or by two.
   *
   * @param part prefix of the layers' names within the adapter
   */
  private Value projected(Value x, String part) {
    long rows = part.isEmpty() ? 1 : shape.embeddingRows();
    long width = rows * shape.outputWidth();
    String name = prefix + part + "linear";
    if (!shape.kind().equals(ProjectionShape.MLP)) {
      return layers.linear(name, x, width, true);
    }
    Value hidden = layers.linear(name + "_1", x, shape.hiddenWidth(), true);
    Value active = operators.activation(name + "_1", hidden, shape.activation());
    return layers.linear(name + "_2", active, width, true);
  }

  private Value scaled(Value rows) {
    return layers.rmsNorm(prefix + "output_norm", rows, OUTPUT_EPSILON, false);
  }
}
