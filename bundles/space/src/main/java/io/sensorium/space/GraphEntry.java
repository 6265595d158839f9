package io.sensorium.space;

import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An encoder graph of a package as it was registered. Immutable.
 *
 * @param serviceId the package's registration number, growing with time
 * @param ranking the registration's ranking
 * @param graph the graph
 */
record GraphEntry(long serviceId, int ranking, ModelGraph graph) {

  /** The encoders of a package. */
  static List<GraphEntry> of(ModelPackage model, Map<String, ?> properties) {
    long serviceId = EncoderEntry.idOf(properties);
    int ranking = EncoderEntry.rankingOf(properties);
    return model.graphs().stream()
        .filter(graph -> graph.manifest().isEncoder())
        .map(graph -> new GraphEntry(serviceId, ranking, graph))
        .toList();
  }

  ModelManifest model() {
    return graph.model().manifest();
  }

  /** Answers whether both stand for one session: manifests read twice are not equal. */
  boolean isSameModel(GraphEntry other) {
    return model().id().equals(other.model().id())
        && model().version().equals(other.model().version())
        && model().files().equals(other.model().files())
        && graph.manifest().name().equals(other.graph.manifest().name())
        && folder().equals(other.folder());
  }

  private Path folder() {
    return graph.model().folder().toAbsolutePath().normalize();
  }

  /** The embedding's length as the package declares it; 0 if it leaves it open. */
  int declaredDimension() {
    Shape shape = graph.manifest().outputs().getFirst().shape();
    return shape.rank() == 2 ? (int) Math.max(0, shape.dimension(1)) : 0;
  }

  Place place() {
    return new Place(graph.manifest().modality().orElseThrow(), model().space().orElseThrow());
  }
}
