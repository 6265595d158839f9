package io.sensorium.models.training.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.training.CheckpointFolder;
import io.sensorium.models.training.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an adapter stands between, as its {@code config.json} says. Immutable.
 *
 * @param modality what it makes rows of: {@code image}, {@code audio}, ...
 * @param encoder the id of the package whose features it reads
 * @param space that package's space and its version, {@code name@version}
 * @param languageModel the id of the package that reads its rows
 */
public record AdapterCheckpoint(
    String modality, String encoder, String space, String languageModel) {

  /** How many media the recording is of. */
  private static final int RECORDED = 2;

  /**
   * Writes {@code config.json}, {@code model.safetensors} in half precision, and a recording of
   * what those make of the first media that {@code features} has, by which an import is checked.
   *
   * @param folder the checkpoint's own; made where it is missing
   */
  public void write(
      Path folder,
      ProjectionShape shape,
      List<Parameter> parameters,
      FrozenDecoder decoder,
      FeatureSource features) {
    var checkpoint = new CheckpointFolder(folder);
    ObjectNode config = shape.config();
    config.put("modality", modality);
    config.put("encoder", encoder);
    config.put("space", space);
    config.put("language_model", languageModel);
    var stored = new ArrayList<>(parameters);
    var read = decoder;
    if (shape.addsToLayers()) {
      config.put("layers", decoder.shape().layers());
      config.put("heads", decoder.shape().heads());
      config.put("key_heads", decoder.shape().keyValueHeads());
      config.put("head_size", decoder.shape().headSize());
      stored.addAll(GatedLayers.valueProjections(decoder));
      read = new FrozenDecoder(decoder.shape(), halved(decoder.weights()));
    }
    checkpoint.json("config.json", config);
    checkpoint.halfWeights("model.safetensors", stored);
    try (var examination = new AdapterExamination(shape, read, halved(parameters), features)) {
      checkpoint.weights(
          "golden.safetensors", recording(shape, decoder.shape().layers(), features, examination));
    }
  }

  private static List<Parameter> recording(
      ProjectionShape shape, int layers, FeatureSource features, AdapterExamination examination) {
    FeatureShape read = features.shape();
    int tokenValues = read.tokens() * read.width();
    var tokens = new float[RECORDED * tokenValues];
    var embeddings = new float[RECORDED * read.embeddingWidth()];
    var given = new ArrayList<float[]>();
    var item = new float[read.values()];
    for (int medium = 0; medium < RECORDED; medium++) {
      features.read(medium, item, 0);
      System.arraycopy(item, 0, tokens, medium * tokenValues, tokenValues);
      System.arraycopy(
          item, tokenValues, embeddings, medium * read.embeddingWidth(), read.embeddingWidth());
      given.add(examination.given(medium));
    }
    var recorded = new ArrayList<Parameter>();
    if (shape.readsTokens()) {
      long[] each = {RECORDED, read.tokens(), read.width()};
      recorded.add(new Parameter("input.token_states", each, tokens));
    }
    if (shape.readsEmbedding()) {
      long[] each = {RECORDED, read.embeddingWidth()};
      recorded.add(new Parameter("input.embedding", each, embeddings));
    }
    recorded.add(output(shape, layers, given));
    return recorded;
  }

  private static Parameter output(ProjectionShape shape, int layers, List<float[]> given) {
    int width = given.getFirst().length;
    var all = new float[RECORDED * width];
    for (int medium = 0; medium < RECORDED; medium++) {
      System.arraycopy(given.get(medium), 0, all, medium * width, width);
    }
    int rows = shape.addsToLayers() ? layers : shape.rows();
    long[] each = {RECORDED, rows, width / rows};
    return new Parameter(
        shape.addsToLayers() ? "output.layer_additions" : "output.media_embeds", each, all);
  }

  private static List<Parameter> halved(List<Parameter> parameters) {
    return parameters.stream().map(AdapterCheckpoint::halved).toList();
  }

  /** What half precision keeps of it. */
  private static Parameter halved(Parameter parameter) {
    var values = new float[parameter.values().length];
    for (int at = 0; at < values.length; at++) {
      values[at] = Float.float16ToFloat(Float.floatToFloat16(parameter.values()[at]));
    }
    return new Parameter(parameter.name(), parameter.shape(), values);
  }
}
