package io.sensorium.models.graphs;

import io.sensorium.api.model.ModelLicence;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The graphs made from one checkpoint. Immutable.
 *
 * @param architecture the family's name, for instance {@code vit}
 * @param licence of the family's published weights, for a checkpoint whose card is silent
 * @param graphs one a tower, at least one
 * @param variants other forms of the graphs over the same weights, which run in their place; most
 *     models have none
 * @param converted what has to be written beside the graphs; empty if all weights stay in place
 */
public record AuthoredModel(
    String architecture,
    Optional<ModelLicence> licence,
    List<AuthoredGraph> graphs,
    List<AuthoredGraph> variants,
    Optional<ConvertedWeights> converted) {
  public AuthoredModel {
    graphs = List.copyOf(graphs);
    variants = List.copyOf(variants);
  }

  /** A model whose weights stay where they are. */
  AuthoredModel(String architecture, List<AuthoredGraph> graphs) {
    this(architecture, Optional.empty(), graphs, List.of(), Optional.empty());
  }

  /**
   * The files of weights that the graphs refer to, relative to the checkpoint's folder. They must
   * lie at the same paths relative to the graphs.
   */
  public SortedSet<String> weightFiles() {
    SortedSet<String> files = new TreeSet<>();
    graphs.forEach(graph -> files.addAll(graph.weightFiles()));
    return files;
  }

  /** The name of a graph's file where there are several, relative to the package. */
  public static String fileOf(String graph) {
    return graph + ".onnx";
  }

  /** The bytes of what was converted; 0 if all weights stay in place. */
  long convertedBytes() {
    return converted.map(ConvertedWeights::bytes).orElse(0L);
  }
}
