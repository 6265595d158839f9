package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Precision;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Writes the ONNX graphs of a checkpoint. Stateless. */
public final class GraphAuthor {
  private static final List<Family> FAMILIES =
      Stream.concat(encoders(), DecoderFamily.ALL.stream()).toList();

  private static Stream<Family> encoders() {
    return Stream.of(
        new VitFamily(),
        new OpenClipFamily(),
        ClipFamily.BOTH,
        ClipFamily.VISION,
        ClipFamily.TEXT,
        new SiglipFamily(),
        Dinov2Family.PLAIN,
        Dinov2Family.WITH_REGISTERS,
        new AudioSpectrogramFamily(),
        new WhisperFamily(),
        new ClapFamily(),
        BertFamily.BERT,
        BertFamily.ROBERTA,
        BertFamily.XLM_ROBERTA,
        BertFamily.CAMEMBERT,
        BertFamily.DISTILBERT,
        BertFamily.MPNET,
        new ImageBindFamily(),
        new ProjectionFamily(),
        new LlavaProjectorFamily(),
        new Blip2ProjectorFamily());
  }

  private GraphAuthor() {}

  /** The model types that graphs can be written for. */
  public static SortedSet<String> families() {
    SortedSet<String> types = new TreeSet<>();
    FAMILIES.forEach(family -> types.add(family.modelType()));
    return types;
  }

  /**
   * Writes a graph for every tower of a checkpoint: by the {@code model_type} of its {@code
   * config.json}, or by its layout: Sentence-Transformers' modules, or an existing ONNX export
   * where there are no weights of a known family.
   *
   * @param checkpoint borrowed; the graphs refer to its files but do not hold on to it
   * @throws ModelLoadException if the family is unknown, or listing every tensor that is missing or
   *     misshapen and every configuration value that is missing or not supported
   */
  public static AuthoredModel author(CheckpointFolder checkpoint) {
    return author(checkpoint, Precision.FLOAT32);
  }

  /**
   * As {@link #author(CheckpointFolder)}, with the weights in a precision.
   *
   * @param checkpoint borrowed, and open until converted weights are written
   * @throws ModelLoadException also if a graph that was exported shall change its precision
   */
  public static AuthoredModel author(CheckpointFolder checkpoint, Precision precision) {
    return PrecisionChange.apply(authorInPlace(checkpoint, true), precision);
  }

  /** As {@link #author(CheckpointFolder)}, without reading what the weights are. */
  static AuthoredModel outline(CheckpointFolder checkpoint) {
    return authorInPlace(checkpoint, false);
  }

  /** Answers whether a graph can be written for a checkpoint, if nothing is wrong with it. */
  static boolean knows(CheckpointFolder checkpoint) {
    return checkpoint.hasSentenceModules()
        || ExportedModel.isIn(checkpoint)
        || FAMILIES.stream().anyMatch(family -> family.recognises(checkpoint));
  }

  private static AuthoredModel authorInPlace(CheckpointFolder checkpoint, boolean readingWeights) {
    if (checkpoint.hasSentenceModules()) {
      return SentenceGraph.author(checkpoint);
    }
    Optional<Family> family = FAMILIES.stream().filter(f -> f.recognises(checkpoint)).findFirst();
    if (ExportedModel.isIn(checkpoint) && (family.isEmpty() || checkpoint.weights().isEmpty())) {
      return ExportedModel.author(checkpoint);
    }
    if (family.isEmpty()) {
      throw new ModelLoadException(
          "model_type must be one of %s, or the checkpoint an ONNX export; got '%s' in %s"
              .formatted(families(), checkpoint.config().text("model_type"), checkpoint.path()));
    }
    return author(checkpoint, family.get(), readingWeights);
  }

  private static AuthoredModel author(
      CheckpointFolder checkpoint, Family family, boolean readingWeights) {
    Problems problems = new Problems();
    CheckedConfig config = new CheckedConfig(family.config(checkpoint), problems);
    Map<String, StoredTensor> tensors = checkpoint.weights();
    List<AuthoredGraph> graphs = new ArrayList<>();
    List<AuthoredGraph> variants = new ArrayList<>();
    for (TowerAuthor author : family.towers(checkpoint)) {
      GraphBuilder graph = new GraphBuilder(family.modelType() + " " + author.name());
      Weights weights = new Weights(graph, tensors, problems);
      boolean reading = readingWeights && !author.variant();
      Draft.Tower tower =
          author
              .write()
              .apply(new Draft(checkpoint, config, reading ? weights : weights.unread(), graph));
      if (problems.isEmpty()) {
        (author.variant() ? variants : graphs).add(new AuthoredGraph(author.name(), graph, tower));
      }
    }
    problems.throwIfAny("the %s checkpoint %s".formatted(family.modelType(), checkpoint.path()));
    return new AuthoredModel(
        family.modelType(), family.licence(), graphs, variants, Optional.empty());
  }
}
