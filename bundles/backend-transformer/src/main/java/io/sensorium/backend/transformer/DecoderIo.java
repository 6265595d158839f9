package io.sensorium.backend.transformer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Optional;

/**
 * What a decoder reads and gives, found by the names that exports agree on. Immutable.
 *
 * @param graph the decoder
 * @param adaptable the form that something can be added to, if it has one
 * @param caches the past's keys and values, layer by layer: {@code [n, heads, length, channels]}
 * @param vocabulary components of the logits
 * @param contextLength tokens that the model was made for
 * @param mediaWidth of rows that may stand for tokens; 0 for none
 * @param hiddenWidth of hidden states; 0 if it gives none
 */
record DecoderIo(
    ModelGraph graph,
    Optional<AdaptableDecoder> adaptable,
    List<TensorSpec> caches,
    int vocabulary,
    int contextLength,
    int mediaWidth,
    int hiddenWidth) {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String LOGITS = "logits";
  static final String HIDDEN = "hidden_states";
  static final String PAST = "past_key_values.";
  static final String PRESENT = "present.";

  /** The package's decoder; empty if it has none. */
  static Optional<ModelGraph> decoderOf(ModelPackage model) {
    return model.manifest().task().equals(ModelManifest.GENERATION)
        ? model.graphs().stream().filter(DecoderIo::isDecoder).findFirst()
        : Optional.empty();
  }

  private static boolean isDecoder(ModelGraph graph) {
    return has(graph.manifest().inputs(), IDS)
        && has(graph.manifest().outputs(), LOGITS)
        && graph.manifest().inputs().stream().anyMatch(input -> input.name().startsWith(PAST));
  }

  private static boolean has(List<TensorSpec> specs, String name) {
    return specs.stream().anyMatch(spec -> spec.name().equals(name));
  }

  /**
   * Reads a decoder's declaration.
   *
   * @throws ModelLoadException if a size is missing that memory depends on
   */
  static DecoderIo of(ModelGraph graph) {
    List<TensorSpec> caches =
        graph.manifest().inputs().stream().filter(spec -> spec.name().startsWith(PAST)).toList();
    for (TensorSpec cache : caches) {
      if (cache.shape().rank() != 4
          || cache.shape().dimension(1) < 1
          || cache.shape().dimension(3) < 1) {
        throw new ModelLoadException(
            "'%s' of %s must be [n, heads, length, channels] with heads and channels known; got %s"
                .formatted(cache.name(), graph, cache.shape()));
      }
    }
    TensorSpec logits = output(graph, LOGITS).orElseThrow();
    int vocabulary = columns(logits);
    if (vocabulary < 1) {
      throw new ModelLoadException(
          "the vocabulary's size must be known; got logits %s of %s"
              .formatted(logits.shape(), graph));
    }
    return new DecoderIo(
        graph,
        AdaptableDecoder.of(graph.manifest()),
        caches,
        vocabulary,
        graph.manifest().preprocessing().integer("max_length"),
        graph.manifest().preprocessing().integer("hidden_size", 0),
        output(graph, HIDDEN)
            .filter(spec -> spec.type() == ElementType.FLOAT32 && spec.shape().rank() == 3)
            .map(spec -> Math.max(0, columns(spec)))
            .orElse(0));
  }

  private static Optional<TensorSpec> output(ModelGraph graph, String name) {
    return graph.manifest().outputs().stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  private static int columns(TensorSpec spec) {
    return (int) spec.shape().dimension(spec.shape().rank() - 1);
  }

  /** The graph of the form that something can be added to; both share their weights' files. */
  Optional<ModelGraph> adaptableGraph() {
    GraphManifest plain = graph.manifest();
    return adaptable.map(
        decoder ->
            new ModelGraph(
                graph.model(),
                new GraphManifest(
                    "adaptable",
                    plain.modality(),
                    plain.runtime(),
                    decoder.file(),
                    plain.inputs(),
                    plain.outputs(),
                    plain.preprocessing(),
                    plain.memory())));
  }

  /** Answers whether past and present must be two tensors, each as long as its sequence. */
  boolean grows() {
    return !graph.manifest().preprocessing().flag("past_present_share_buffer", true);
  }

  /** The output that a cache goes on in. */
  static String presentOf(TensorSpec cache) {
    return PRESENT + cache.name().substring(PAST.length());
  }
}
