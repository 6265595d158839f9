package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * ImageBind (Girdhar et al., arXiv:2305.05665): up to six trunks whose embeddings share one space.
 *
 * <p>Its checkpoint has no configuration. Sizes are read off the tensors; what they do not show,
 * the heads above all, is what {@code constructor.json} beside them says under the names of the
 * reference's constructor ({@code vision_num_heads}, {@code audio_stride}, ...), else what the
 * published model has. Every trunk becomes a graph with one input of the trunk's name ({@code
 * input_ids} for text) and one output {@code <trunk>_embeds [n, d]}: the reference's post-processed
 * embedding, which is a unit vector for vision and one scaled by the trunk's factor for the others.
 */
final class ImageBindFamily implements Family {
  private static final ModelLicence LICENCE = new ModelLicence("CC-BY-NC-SA-4.0", false);

  private static final double LARGEST_SCALE = 100;

  @Override
  public String modelType() {
    return "imagebind";
  }

  /** By the tensors' names, unless a configuration names another family. */
  @Override
  public boolean recognises(CheckpointFolder checkpoint) {
    String named =
        checkpoint
            .settings("config.json")
            .map(config -> config.text("model_type", modelType()))
            .orElse(modelType());
    return named.equals(modelType()) && !trunks(checkpoint).isEmpty();
  }

  @Override
  public Settings config(CheckpointFolder checkpoint) {
    return checkpoint
        .settings("constructor.json")
        .or(() -> checkpoint.settings("config.json"))
        .orElseGet(() -> Settings.of("constructor.json", Map.of()));
  }

  @Override
  public Optional<ModelLicence> licence() {
    return Optional.of(LICENCE);
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return trunks(checkpoint).stream()
        .map(trunk -> new TowerAuthor(trunk.name(), draft -> write(draft, trunk)))
        .toList();
  }

  private static List<ImageBindTrunk> trunks(CheckpointFolder checkpoint) {
    Map<String, StoredTensor> tensors = checkpoint.weights();
    return Stream.of("vision", "text", "audio", "depth", "thermal", "imu")
        .map(name -> new ImageBindTrunk(name, tensors))
        .filter(ImageBindTrunk::exists)
        .toList();
  }

  private static Draft.Tower write(Draft draft, ImageBindTrunk trunk) {
    return switch (trunk.name()) {
      case "vision" -> vision(draft, trunk);
      case "text" -> text(draft, trunk);
      case "audio" -> audio(draft, trunk);
      case "depth" -> map(draft, trunk, "depth_stem", 8);
      case "thermal" -> map(draft, trunk, "rgbt_stem", 12);
      default -> imu(draft, trunk);
    };
  }

  private static Draft.Tower vision(Draft draft, ImageBindTrunk trunk) {
    EncoderShape shape = trunk.shape(draft.config(), 16);
    ImageBindStem.Pictures pictures = new ImageBindStem(draft, trunk, shape.width()).stills();
    String norm = "modality_trunks.vision.pre_transformer_layer.0";
    Value normed = draft.layers().layerNorm(norm, pictures.tokens(), ImageBindTrunk.EPSILON);
    PreNormEncoder encoder = new PreNormEncoder(shape, BlockNames.IMAGEBIND, true);
    PreNormEncoder.States encoded = encoder.states(draft, normed, trunk.blocks(), 1);
    Value token = draft.operators().token(trunk.head(), encoded.last(), 0);
    draft.graph().output("vision_embeds", unit(draft, trunk, token, "0", "2"));
    encoded.declarePenultimate(draft);
    return new Draft.Tower(
        Optional.of(Modality.IMAGE), ImageBindInputs.pictures(pictures.size()), Map.of());
  }

  private static Draft.Tower text(Draft draft, ImageBindTrunk trunk) {
    Operators operators = draft.operators();
    EncoderShape shape = trunk.shape(draft.config(), 16);
    String table = trunk.preprocessor() + "token_embedding.weight";
    String positions = trunk.preprocessor() + "pos_embed";
    int length = trunk.dimension(positions, 1);
    Value ids = draft.graph().input("input_ids", ElementType.INT64, Shape.DYNAMIC, length);
    Value words =
        operators.rows(
            table, draft.weights().get(table, trunk.dimension(table, 0), shape.width()), ids);
    Value placed =
        operators.add(positions, words, draft.weights().get(positions, 1, length, shape.width()));
    Value seen = TextTrunk.earlierTokens(draft, ids, length);
    Value states =
        new PreNormEncoder(shape, BlockNames.IMAGEBIND, true)
            .write(draft, placed, trunk.blocks(), Optional.of(seen));
    Value end = TextTrunk.tokenAt(draft, states, TextTrunk.largestId(draft, ids));
    Value unit = unit(draft, trunk, end, "proj.0", "proj.1");
    draft.graph().output("text_embeds", scaled(draft, trunk, unit));
    return new Draft.Tower(
        Optional.of(Modality.TEXT), ImageBindInputs.texts(length), calibration(draft, trunk));
  }

  /** Texts come scaled, which the comparison of unit vectors has to make up for. */
  private static Map<String, Object> calibration(Draft draft, ImageBindTrunk trunk) {
    double scale = Math.min(Math.exp(draft.weights().number(trunk.logScale())), LARGEST_SCALE);
    return Map.of("temperature", 1 / scale, "prompts", List.of("a photo of a {}."));
  }

  /** Clips of one sound are encoded one by one; the mean of their embeddings is the sound's. */
  private static Draft.Tower audio(Draft draft, ImageBindTrunk trunk) {
    CheckedConfig config = draft.config();
    EncoderShape shape = trunk.shape(config, 12);
    ImageBindStem stem = new ImageBindStem(draft, trunk, shape.width());
    int bins = config.size("audio_num_mel_bins", 128);
    int frames = config.size("audio_target_len", 204);
    Value clips =
        draft
            .graph()
            .input("audio", ElementType.FLOAT32, Shape.DYNAMIC, Shape.DYNAMIC, 1, bins, frames);
    Operators operators = draft.operators();
    Value planes = operators.reshape("audio", clips, -1, 1, bins, frames);
    Value tokens = stem.spectrogram(planes, config.size("audio_stride", 10));
    Value embeds = scaled(draft, trunk, pooled(draft, trunk, shape, tokens, "2"));
    draft.graph().output("audio_embeds", meanOverClips(draft, embeds, clips));
    return new Draft.Tower(
        Optional.of(Modality.AUDIO), ImageBindInputs.sounds(bins, frames), Map.of());
  }

  private static Value meanOverClips(Draft draft, Value embeds, Value clips) {
    Operators operators = draft.operators();
    Value batch =
        operators.concat(
            "clips", 0, operators.sizeOf("clips", clips, 0), operators.sizeOf("clips", clips, 1));
    Value shape = operators.concat("clips", 0, batch, draft.graph().integers(embeds.width()));
    Value apart =
        draft
            .graph()
            .node("Reshape")
            .in(embeds, shape)
            .out("clips", embeds.type(), Shape.of(Shape.DYNAMIC, Shape.DYNAMIC, embeds.width()));
    return operators.meanToken("clips", apart);
  }

  /** Depth and heat are pictures of one channel. */
  private static Draft.Tower map(
      Draft draft, ImageBindTrunk trunk, String stemName, int usualHeads) {
    EncoderShape shape = trunk.shape(draft.config(), usualHeads);
    Value tokens = new ImageBindStem(draft, trunk, shape.width()).map(stemName);
    return sense(draft, trunk, pooled(draft, trunk, shape, tokens, "2"));
  }

  /** An accelerometer and a gyroscope. */
  private static Draft.Tower imu(Draft draft, ImageBindTrunk trunk) {
    EncoderShape shape = trunk.shape(draft.config(), 8);
    Value tokens = new ImageBindStem(draft, trunk, shape.width()).movements();
    return sense(draft, trunk, pooled(draft, trunk, shape, tokens, "3"));
  }

  private static Draft.Tower sense(Draft draft, ImageBindTrunk trunk, Value unit) {
    draft.graph().output(trunk.name() + "_embeds", scaled(draft, trunk, unit));
    return Draft.Tower.of(new Modality(trunk.name()));
  }

  /** The class token behind blocks that attend to one learned token more. */
  private static Value pooled(
      Draft draft, ImageBindTrunk trunk, EncoderShape shape, Value tokens, String projection) {
    PreNormEncoder encoder =
        new PreNormEncoder(
            shape,
            BlockNames.IMAGEBIND,
            true,
            true,
            Optional.empty(),
            false,
            Optional.of(new PreNormEncoder.LearnedToken("attn.bias_k", "attn.bias_v")));
    Value encoded = encoder.write(draft, tokens, trunk.blocks(), 1);
    Value token = draft.operators().token(trunk.head(), encoded, 0);
    return unit(draft, trunk, token, "0", projection);
  }

  private static Value unit(
      Draft draft, ImageBindTrunk trunk, Value token, String norm, String projection) {
    Layers layers = draft.layers();
    Value normed = layers.layerNorm(trunk.head() + norm, token, ImageBindTrunk.EPSILON);
    String name = trunk.head() + projection;
    Value projected = layers.linear(name, normed, trunk.dimension(name + ".weight", 0), false);
    return draft.operators().unitRows(name, projected);
  }

  private static Value scaled(Draft draft, ImageBindTrunk trunk, Value unit) {
    String name = trunk.logScale();
    GraphBuilder graph = draft.graph();
    Value logarithm = draft.weights().get(name);
    Value scale = graph.node("Exp").in(logarithm).out(name, logarithm.type(), logarithm.shape());
    Value limited =
        graph
            .node("Min")
            .in(scale, graph.scalar((float) LARGEST_SCALE))
            .out(name, scale.type(), scale.shape());
    return draft.operators().multiply(name, unit, limited);
  }
}
