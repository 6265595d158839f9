package io.sensorium.models.training.adapters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Objects;

/**
 * What a projection is made of, in the words of its {@code config.json}. Immutable.
 *
 * @param features what it reads of an item
 * @param encoder the features' sizes
 * @param keepSpecial whether the special tokens' states are read as well
 * @param pool how many patches become one
 * @param embeddingRows rows made of the embedding, of {@code linear}, {@code mlp} and {@code
 *     one_token}
 * @param hiddenWidth inside {@code mlp}, {@code query} and {@code zero_gated}
 * @param outputWidth the language model's width
 * @param queries rows of {@code query}; 0 for other kinds
 * @param layers blocks of {@code query} and of {@code zero_gated}'s bind network
 * @param heads of {@code query}
 */
public record ProjectionShape(
    Kind kind,
    Features features,
    FeatureShape encoder,
    boolean keepSpecial,
    Pool pool,
    int embeddingRows,
    int hiddenWidth,
    int outputWidth,
    int queries,
    int layers,
    int heads) {

  /** How features become rows. */
  public enum Kind {
    LINEAR,
    MLP,
    QUERY,
    ONE_TOKEN,
    ZERO_GATED;

    /** The name in files and commands. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException naming those that can be trained
     */
    public static Kind of(String id) {
      for (Kind kind : values()) {
        if (kind.id().equals(id)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "the kind must be linear, mlp, query, one_token or zero_gated; got " + id);
    }
  }

  /** Which features are read. */
  public enum Features {
    TOKENS,
    EMBEDDING,
    BOTH
  }

  /** How many rows and columns of patches become one by their mean. */
  public record Pool(int rows, int columns) {
    /** Every patch for itself. */
    public static final Pool NONE = new Pool(1, 1);
  }

  public ProjectionShape {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(features, "features");
    if ((kind == Kind.ONE_TOKEN || kind == Kind.ZERO_GATED) && features != Features.EMBEDDING) {
      throw new IllegalArgumentException(kind.id() + " reads the embedding; got " + features);
    }
    if (kind == Kind.ZERO_GATED && (layers < 1 || hiddenWidth < 1)) {
      throw new IllegalArgumentException(
          "zero_gated needs blocks and their width; got %d and %d".formatted(layers, hiddenWidth));
    }
    if (encoder.gridRows() % pool.rows() != 0 || encoder.gridColumns() % pool.columns() != 0) {
      throw new IllegalArgumentException(
          "a grid of %d x %d patches cannot be pooled by %d x %d"
              .formatted(encoder.gridRows(), encoder.gridColumns(), pool.rows(), pool.columns()));
    }
    if (kind == Kind.QUERY && (queries < 1 || layers < 1 || hiddenWidth % heads != 0)) {
      throw new IllegalArgumentException(
          "query needs queries, layers and heads that divide %d; got %d, %d and %d"
              .formatted(hiddenWidth, queries, layers, heads));
    }
  }

  /** Whether it gives no rows, but what is added to the model's layers. */
  boolean addsToLayers() {
    return kind == Kind.ZERO_GATED;
  }

  boolean readsTokens() {
    return features != Features.EMBEDDING;
  }

  boolean readsEmbedding() {
    return features != Features.TOKENS;
  }

  /** Token states that are read, after pooling. */
  int tokenRows() {
    int patches = encoder.gridRows() / pool.rows() * (encoder.gridColumns() / pool.columns());
    return readsTokens() ? patches + (keepSpecial ? encoder.specialTokens() : 0) : 0;
  }

  /** Rows that come out for one item; 0 where what it gives is added to layers. */
  public int rows() {
    return switch (kind) {
      case QUERY -> queries;
      case ZERO_GATED -> 0;
      default -> tokenRows() + (readsEmbedding() ? embeddingRows : 0);
    };
  }

  /** The part of {@code config.json} that says how it computes. */
  ObjectNode config() {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("model_type", "projection");
    config.put("kind", kind.id());
    config.put("features", features.name().toLowerCase(Locale.ROOT));
    if (readsTokens()) {
      config.put("input_width", encoder.width());
      config.put("tokens", encoder.tokens());
      config.put("special_tokens", encoder.specialTokens());
      config.put("keep_special", keepSpecial);
      config.putArray("token_grid").add(encoder.gridRows()).add(encoder.gridColumns());
      if (!pool.equals(Pool.NONE)) {
        config.putArray("pool").add(pool.rows()).add(pool.columns());
      }
    }
    if (readsEmbedding()) {
      config.put("embedding_width", encoder.embeddingWidth());
      if (kind != Kind.QUERY && kind != Kind.ZERO_GATED) {
        config.put("embedding_rows", embeddingRows);
      }
    }
    config.put("output_width", outputWidth);
    switch (kind) {
      case MLP -> hiding(config);
      case QUERY -> {
        hiding(config);
        config.put("queries", queries);
        config.put("layers", layers);
        config.put("heads", heads);
      }
      case ZERO_GATED -> {
        config.put("hidden_width", hiddenWidth);
        config.put("blocks", layers);
      }
      default -> {}
    }
    if (kind != Kind.ZERO_GATED) {
      config.put("input_norm", true);
      config.put("output_norm", true);
    }
    return config;
  }

  private void hiding(ObjectNode config) {
    config.put("hidden_width", hiddenWidth);
    config.put("hidden_act", "gelu");
  }
}
