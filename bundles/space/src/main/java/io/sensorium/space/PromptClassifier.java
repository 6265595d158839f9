package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.space.ZeroShotClassifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Classifies against words: a label is the mean direction of its prompts' embeddings.
 *
 * <p>Thread-safe. Prompts are embedded in a bounded window, so that a thousand labels do not fill
 * the text encoder's queue.
 */
final class PromptClassifier implements ZeroShotClassifier {
  private static final int MAX_LABELS = 1_000;
  private static final int WINDOW = 64;

  private final EmbeddingEngine engine;
  private final LabelCache cache = new LabelCache();

  PromptClassifier(EmbeddingEngine engine) {
    this.engine = engine;
  }

  @Override
  public List<LabelProbability> classify(
      EncodeRequest item, List<String> labels, RequestContext context) {
    requireLabels(labels);
    Item pending = engine.submit(item, context);
    Embedding embedding = engine.await(pending);
    Settings calibration = calibration(pending.answeredBy().orElseThrow());
    LabelLikelihood likelihood = LabelLikelihood.declaredBy(calibration);
    List<Embedding> classes =
        labelEmbeddings(labels, item.modality(), embedding.space(), calibration, context);
    double[] probabilities =
        likelihood.of(classes.stream().mapToDouble(embedding::cosine).toArray());
    List<LabelProbability> answer = new ArrayList<>(labels.size());
    for (int i = 0; i < probabilities.length; i++) {
      answer.add(new LabelProbability(labels.get(i), probabilities[i]));
    }
    answer.sort(Comparator.comparingDouble(LabelProbability::probability).reversed());
    return List.copyOf(answer);
  }

  private static void requireLabels(List<String> labels) {
    if (labels.size() < 2 || labels.size() > MAX_LABELS) {
      throw new IllegalArgumentException(
          "2 to %,d labels are required; got %d".formatted(MAX_LABELS, labels.size()));
    }
    Set<String> distinct = new HashSet<>();
    for (String label : labels) {
      if (label.isBlank() || !distinct.add(label)) {
        throw new IllegalArgumentException(
            "labels must be distinct and not blank; got '%s' in %s".formatted(label, labels));
      }
    }
  }

  private static Settings calibration(Generation generation) {
    return generation.pair().graph().model().calibration();
  }

  private List<Embedding> labelEmbeddings(
      List<String> labels,
      Modality modality,
      SpaceId space,
      Settings itemCalibration,
      RequestContext context) {
    Generation text = textGeneration(labels.getFirst(), space, context);
    PromptTemplates templates =
        PromptTemplates.declaredBy(itemCalibration)
            .or(() -> PromptTemplates.declaredBy(calibration(text)))
            .orElseGet(() -> PromptTemplates.of(modality));
    LabelCache.Scope known = cache.of(text, templates);
    Deque<PendingLabel> window = new ArrayDeque<>();
    for (String label : labels) {
      if (known.find(label).isEmpty()) {
        window.add(embedPrompts(label, templates, space, context));
        while (window.stream().mapToInt(pending -> pending.prompts().size()).sum() > WINDOW) {
          finish(window.poll(), text, known);
        }
      }
    }
    while (!window.isEmpty()) {
      finish(window.poll(), text, known);
    }
    return labels.stream().map(label -> known.find(label).orElseThrow()).toList();
  }

  /** The text generation that answers now; waits for one that is starting. */
  private Generation textGeneration(String anyText, SpaceId space, RequestContext context) {
    return engine
        .registry()
        .snapshot()
        .ready(Modality.TEXT, space.toString())
        .orElseGet(
            () -> {
              EncodeRequest probe = EncodeRequest.text(anyText).in(space.toString());
              Item answered = engine.submit(probe, context);
              engine.await(answered);
              return answered.answeredBy().orElseThrow();
            });
  }

  private record PendingLabel(String label, List<Item> prompts) {}

  private PendingLabel embedPrompts(
      String label, PromptTemplates templates, SpaceId space, RequestContext context) {
    return new PendingLabel(
        label,
        templates.fill(label).stream()
            .map(prompt -> EncodeRequest.text(prompt).in(space.toString()))
            .map(request -> engine.submit(request, context))
            .toList());
  }

  private void finish(PendingLabel pending, Generation text, LabelCache.Scope known) {
    Embedding sum = null;
    boolean sameGeneration = true;
    for (Item prompt : pending.prompts()) {
      Embedding embedding = engine.await(prompt);
      sum = sum == null ? embedding : sum.plus(embedding, 1);
      sameGeneration &= prompt.answeredBy().equals(Optional.of(text));
    }
    known.put(pending.label(), sum.normalized(), sameGeneration);
  }
}
