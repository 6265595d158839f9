package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.models.checkpoints.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives a model's weights another precision, for every family alike. Stateless. */
final class PrecisionChange {
  private PrecisionChange() {}

  /**
   * The model with its weights in one file of its own, or as it was where nothing has to change.
   *
   * @throws ModelLoadException if a graph that somebody exported shall change
   */
  static AuthoredModel apply(AuthoredModel model, Precision precision) {
    if (precision == Precision.FLOAT32 && !hasBfloat16(model)) {
      return model;
    }
    if (model.graphs().stream().anyMatch(AuthoredGraph::isExported)) {
      throw new ModelLoadException(
          "an exported ONNX graph is imported as it is: the precision must be fp32, and weights"
              + " beside it float32 or float16; got "
              + precision.label());
    }
    ConvertedWeights converted = new ConvertedWeights();
    List<PrecisionRewrite> graphs = rewritten(model.graphs(), precision, converted);
    List<PrecisionRewrite> variants = rewritten(model.variants(), precision, converted);
    Map<String, TensorInfo> layout = converted.layout();
    return new AuthoredModel(
        model.architecture(),
        model.licence(),
        graphs.stream().map(rewrite -> rewrite.finish(layout)).toList(),
        variants.stream().map(rewrite -> rewrite.finish(layout)).toList(),
        Optional.of(converted));
  }

  private static List<PrecisionRewrite> rewritten(
      List<AuthoredGraph> graphs, Precision precision, ConvertedWeights converted) {
    List<PrecisionRewrite> rewrites = new ArrayList<>();
    for (AuthoredGraph graph : graphs) {
      PrecisionRewrite rewrite = new PrecisionRewrite(graph, precision, converted);
      rewrite.run();
      rewrites.add(rewrite);
    }
    return rewrites;
  }

  /** ONNX Runtime has no kernels for bfloat16 on CPUs. */
  private static boolean hasBfloat16(AuthoredModel model) {
    return model.graphs().stream()
        .flatMap(graph -> graph.weights().values().stream())
        .anyMatch(stored -> stored.info().type() == ElementType.BFLOAT16);
  }
}
