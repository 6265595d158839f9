package io.sensorium.adapter;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.adapter.MediaAdapter;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.Features;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;

/**
 * An adapter's package as its manifest describes it. Immutable.
 *
 * @param userSince when the user installed it, in milliseconds since 1970; 0 if a bundle brought it
 * @param serviceId of its registration; later ones are larger
 * @param adapter what it stands between
 * @param graph what runs
 * @param tokenOutput the encoder's output that it reads; empty if the embedding is enough
 */
record ServedAdapter(
    long userSince,
    long serviceId,
    MediaAdapter adapter,
    ModelGraph graph,
    Optional<String> tokenOutput) {
  private static final String ROWS = "media_embeds";
  private static final String ADDITIONS = "layer_additions";
  private static final String TOKEN_STATES = "token_states";
  private static final String EMBEDDING = "embedding";
  private static final int ROW_AXIS = 1;
  private static final int WIDTH_AXIS = 2;

  /**
   * Reads a package.
   *
   * @param properties of its service
   * @throws ModelLoadException if it does not say between what it stands, or gives neither rows nor
   *     what is added to layers
   */
  static ServedAdapter of(ModelPackage model, Map<String, Object> properties) {
    ModelGraph graph =
        model.graphs().stream()
            .filter(each -> output(each.manifest()).isPresent())
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "an adapter must give '%s' float32[n,rows,width] or '%s' float32[n,layers,width]; model %s does not"
                            .formatted(ROWS, ADDITIONS, model)));
    Settings declared = graph.manifest().preprocessing();
    TensorSpec output = output(graph.manifest()).orElseThrow();
    Shape shape = output.shape();
    boolean readsTokens =
        graph.manifest().inputs().stream().anyMatch(input -> input.name().equals(TOKEN_STATES));
    try {
      MediaAdapter adapter =
          new MediaAdapter(
              model.manifest().id(),
              model.manifest().version(),
              declared.text("kind"),
              new Modality(declared.text("modality")),
              declared.text("encoder"),
              space(declared.text("space")),
              declared.text("language_model"),
              output.name().equals(ROWS) ? (int) shape.dimension(ROW_AXIS) : 0,
              (int) shape.dimension(WIDTH_AXIS));
      return new ServedAdapter(
          (Long) properties.getOrDefault(ModelPackage.USER_SINCE, 0L),
          (Long) properties.get(Constants.SERVICE_ID),
          adapter,
          graph,
          readsTokens ? Optional.of(declared.text("feature_output")) : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("%s (model %s)".formatted(e.getMessage(), model), e);
    }
  }

  private static Optional<TensorSpec> output(GraphManifest graph) {
    return graph.outputs().stream()
        .filter(output -> output.name().equals(ROWS) || output.name().equals(ADDITIONS))
        .filter(output -> output.shape().rank() == WIDTH_AXIS + 1)
        .findFirst();
  }

  private static SpaceId space(String text) {
    int at = text.indexOf('@');
    return new SpaceId(text.substring(0, Math.max(0, at)), text.substring(at + 1));
  }

  /**
   * The graph's inputs.
   *
   * @throws IllegalArgumentException if the features are not of the encoder that the adapter was
   *     trained beside
   */
  Map<String, Tensor> inputs(Features features) {
    SpaceId found = features.embedding().space();
    if (!features.encoder().equals(adapter.encoder()) || !found.equals(adapter.space())) {
      throw new IllegalArgumentException(
          "adapter %s reads what %s says in %s; %s %s answered in %s"
              .formatted(
                  adapter.id(),
                  adapter.encoder(),
                  adapter.space(),
                  features.encoder(),
                  features.encoderVersion(),
                  found));
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (TensorSpec input : graph.manifest().inputs()) {
      Tensor tensor =
          input.name().equals(EMBEDDING) ? embedding(features) : states(features.tokens());
      if (!input.accepts(tensor)) {
        throw new IllegalArgumentException(
            "adapter %s reads %s %s; %s %s gives %s"
                .formatted(
                    adapter.id(),
                    input.name(),
                    input.signature(),
                    features.encoder(),
                    features.encoderVersion(),
                    tensor));
      }
      inputs.put(input.name(), tensor);
    }
    return inputs;
  }

  /** Answers whether it adds to the model's layers instead of giving rows. */
  boolean addsToLayers() {
    return adapter.rows() == 0;
  }

  /** What the graph gives for the one item that was its input: rows, or additions to layers. */
  Tensor projected(Map<String, Tensor> outputs) {
    Tensor all = outputs.get(output(graph.manifest()).orElseThrow().name());
    Shape shape = Shape.of(all.shape().dimension(ROW_AXIS), all.shape().dimension(WIDTH_AXIS));
    return Tensor.of(all.type(), shape, all.data());
  }

  private static Tensor embedding(Features features) {
    FloatBuffer components = features.embedding().values();
    Tensor vector = Tensor.allocate(ElementType.FLOAT32, Shape.of(1, components.remaining()));
    vector.asFloats().put(components);
    return vector;
  }

  private static Tensor states(Optional<Tensor> tokens) {
    Tensor states = tokens.orElseThrow();
    Shape shape = states.shape();
    return Tensor.of(
        states.type(), Shape.of(1, shape.dimension(0), shape.dimension(1)), states.data());
  }
}
