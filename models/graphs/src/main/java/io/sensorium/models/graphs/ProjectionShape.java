package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a projection adapter's configuration says. Immutable.
 *
 * @param kind one of {@link #KINDS}
 * @param readsTokens whether it reads the encoder's token states
 * @param readsEmbedding whether it reads the encoder's unit vector
 * @param inputWidth of a token state
 * @param tokens how many token states come
 * @param specialTokens how many of them come first and are no patches
 * @param keepsSpecial whether those are features as well
 * @param pooling what becomes of the patches
 * @param embeddingWidth of the unit vector
 * @param embeddingRows how many rows are made of it
 * @param hiddenWidth inside
 * @param outputWidth of a row
 * @param activation inside
 * @param queries rows that a query transformer gives
 * @param layers of a query transformer
 * @param heads of a query transformer
 * @param normsInput whether features are normalised first
 * @param normsOutput whether rows are normalised last
 */
record ProjectionShape(
    String kind,
    boolean readsTokens,
    boolean readsEmbedding,
    int inputWidth,
    int tokens,
    int specialTokens,
    boolean keepsSpecial,
    Pooling pooling,
    int embeddingWidth,
    int embeddingRows,
    int hiddenWidth,
    int outputWidth,
    Activation activation,
    int queries,
    int layers,
    int heads,
    boolean normsInput,
    boolean normsOutput) {
  static final String LINEAR = "linear";
  static final String MLP = "mlp";
  static final String QUERY = "query";
  static final String ONE_TOKEN = "one_token";
  static final Set<String> KINDS = Set.of(LINEAR, MLP, QUERY, ONE_TOKEN);

  private static final String TOKENS = "tokens";
  private static final String EMBEDDING = "embedding";
  private static final String BOTH = "both";
  static final int MAX_TOKENS = 1 << 14;

  /**
   * The grid of patches and the window of it that becomes one by its mean; windows of one patch
   * change nothing.
   */
  record Pooling(Extent grid, Extent window) {
    static final Pooling NONE = new Pooling(new Extent(1, 1), new Extent(1, 1));

    boolean isNeeded() {
      return window.area() > 1;
    }

    Extent cells() {
      return new Extent(grid.rows() / window.rows(), grid.columns() / window.columns());
    }
  }

  static ProjectionShape read(CheckedConfig config) {
    String kind = config.choice("kind", LINEAR, KINDS);
    boolean single = kind.equals(ONE_TOKEN);
    String features =
        config.choice("features", single ? EMBEDDING : TOKENS, Set.of(TOKENS, EMBEDDING, BOTH));
    if (single && !features.equals(EMBEDDING)) {
      config.reject("features", "'embedding' for one_token");
    }
    boolean readsTokens = !features.equals(EMBEDDING) && !single;
    boolean readsEmbedding = !features.equals(TOKENS) || single;
    boolean hides = kind.equals(MLP) || kind.equals(QUERY);
    boolean asks = kind.equals(QUERY);
    int tokens = readsTokens ? config.size("tokens", 0, MAX_TOKENS) : 1;
    if (tokens == 0) {
      config.reject("tokens", "how many token states the encoder gives");
      tokens = 1;
    }
    int special = config.has("special_tokens") ? config.index("special_tokens") : 1;
    ProjectionShape shape =
        new ProjectionShape(
            kind,
            readsTokens,
            readsEmbedding,
            readsTokens ? config.size("input_width") : 1,
            tokens,
            readsTokens ? special : 0,
            config.flag("keep_special", false),
            readsTokens ? pooling(config, tokens, special) : Pooling.NONE,
            readsEmbedding ? config.size("embedding_width") : 1,
            single || asks ? 1 : config.size("embedding_rows", 1, MAX_TOKENS),
            hides ? config.size("hidden_width") : 1,
            config.size("output_width"),
            config.activation("hidden_act", "gelu"),
            asks ? config.size("queries", 32, MAX_TOKENS) : 1,
            asks ? config.layers("layers") : 1,
            asks ? config.size("heads") : 1,
            config.flag("input_norm", false),
            config.flag("output_norm", false));
    return shape.checked(config);
  }

  private ProjectionShape checked(CheckedConfig config) {
    if (hiddenWidth % heads != 0) {
      config.reject("heads", "a divisor of hidden_width");
    }
    if (readsTokens && specialTokens >= tokens) {
      config.reject("special_tokens", "fewer than tokens");
    }
    return this;
  }

  private static Pooling pooling(CheckedConfig config, int tokens, int special) {
    if (!config.has("pool")) {
      return Pooling.NONE;
    }
    Extent grid = config.extent("token_grid");
    Extent window = config.patch("pool", grid);
    if (grid.area() != tokens - special) {
      config.reject("token_grid", "rows and columns of the %d patches".formatted(tokens - special));
      return Pooling.NONE;
    }
    if (grid.rows() % window.rows() != 0 || grid.columns() % window.columns() != 0) {
      config.reject("pool", "divisors of token_grid");
      return Pooling.NONE;
    }
    return new Pooling(grid, window);
  }

  /**
   * What {@code adapter.json} says, beside the configuration of a checkpoint that holds an adapter
   * among other things: between which packages it stands. Empty if there is no such file.
   */
  static Map<String, Object> between(CheckpointFolder checkpoint) {
    return checkpoint.settings("adapter.json").map(Settings::asMap).orElse(Map.of());
  }

  /** What an adapter stands between, for whoever applies it. */
  static Map<String, Object> declaration(CheckedConfig config) {
    Map<String, Object> declared = new LinkedHashMap<>();
    for (String key : new String[] {"modality", "encoder", "space", "language_model"}) {
      String value = config.text(key, "");
      if (value.isBlank()) {
        config.reject(key, "the name of what the adapter was trained with");
      }
      declared.put(key, value);
    }
    if (!isSpace((String) declared.get("space"))) {
      config.reject("space", "NAME@VERSION");
    }
    declared.put("kind", config.text("kind", LINEAR));
    declared.put("feature_output", config.text("feature_output", "penultimate_hidden_state"));
    return declared;
  }

  private static boolean isSpace(String space) {
    String[] parts = space.split("@", -1);
    try {
      return parts.length == 2 && new SpaceId(parts[0], parts[1]).toString().equals(space);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
