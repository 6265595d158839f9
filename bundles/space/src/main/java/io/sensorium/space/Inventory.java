package io.sensorium.space;

import io.sensorium.api.model.GraphManifest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is registered, and the pairs that it makes. Guarded by the registry's lock. */
final class Inventory {
  private final Map<Long, EncoderEntry> encoders = new HashMap<>();
  private final Map<Long, List<GraphEntry>> packages = new HashMap<>();
  private final Map<Long, String> runtimes = new HashMap<>();
  private final Set<Long> bound = new HashSet<>();

  void add(EncoderEntry encoder) {
    encoders.put(encoder.serviceId(), encoder);
    bind();
  }

  /**
   * @param graphs of one package, at least one
   */
  void add(List<GraphEntry> graphs) {
    packages.put(graphs.getFirst().serviceId(), graphs);
    bind();
  }

  /** Notes which packages have come with an encoder of their own. */
  private void bind() {
    graphs()
        .filter(graph -> encoders.values().stream().anyMatch(encoder -> carries(encoder, graph)))
        .forEach(graph -> bound.add(graph.serviceId()));
  }

  void addRuntime(long serviceId, String runtime) {
    runtimes.put(serviceId, runtime);
  }

  void removeEncoder(long serviceId) {
    encoders.remove(serviceId);
  }

  void removePackage(long serviceId) {
    packages.remove(serviceId);
    bound.remove(serviceId);
  }

  void removeRuntime(long serviceId) {
    runtimes.remove(serviceId);
  }

  void clear() {
    encoders.clear();
    packages.clear();
    bound.clear();
  }

  /** Answers whether both halves are still there and can be run. */
  boolean holds(Pair pair) {
    return encoders.containsKey(pair.encoder().serviceId())
        && packages.containsKey(pair.graph().serviceId())
        && isRunnable(pair.graph());
  }

  /** Answers whether a graph of the same model is there and can be run. */
  boolean holds(GraphEntry graph) {
    return isRunnable(graph) && graphs().anyMatch(graph::isSameModel);
  }

  List<Place> places() {
    return graphs().map(GraphEntry::place).distinct().toList();
  }

  /**
   * The pairs of a place, the newest first.
   *
   * <p>A package that came in one bundle with an encoder of its modality is read by such an encoder
   * alone: what is updated together is never paired with the halves of another version, neither
   * while the new halves arrive nor while the old ones leave. Where the update brought a newer
   * version of the space, its encoder also reads what is left of the older one.
   */
  List<Pair> pairs(Place place) {
    return graphs()
        .filter(graph -> graph.place().equals(place) && isRunnable(graph))
        .flatMap(
            graph ->
                encoders.values().stream()
                    .filter(encoder -> encoder.modality().equals(place.modality()))
                    .filter(encoder -> mayRead(encoder, graph))
                    .map(encoder -> new Pair(encoder, graph)))
        .sorted(Pair.NEWEST_FIRST)
        .toList();
  }

  private boolean mayRead(EncoderEntry encoder, GraphEntry graph) {
    ModelKey key = ModelKey.of(graph.model());
    if (encoder.carried().contains(key) || encoder.carried().stream().anyMatch(key::isRelatedTo)) {
      return true;
    }
    return !bound.contains(graph.serviceId())
        && encoder.carried().stream().noneMatch(key::isRivalOf);
  }

  private static boolean carries(EncoderEntry encoder, GraphEntry graph) {
    return encoder.modality().equals(graph.place().modality())
        && encoder.carried().contains(ModelKey.of(graph.model()));
  }

  /** What the encoders read, the newest first. */
  Stream<MediaClaims.Reader> readers() {
    return encoders.values().stream()
        .sorted(Comparator.comparingLong(EncoderEntry::serviceId).reversed())
        .map(EncoderEntry::reader);
  }

  private Stream<GraphEntry> graphs() {
    return packages.values().stream().flatMap(List::stream);
  }

  private boolean isRunnable(GraphEntry graph) {
    String runtime = graph.graph().manifest().runtime();
    return runtime.equals(GraphManifest.ONNX) || runtimes.containsValue(runtime);
  }
}
