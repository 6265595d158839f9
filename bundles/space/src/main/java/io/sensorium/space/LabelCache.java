package io.sensorium.space;

import io.sensorium.api.space.Embedding;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The embeddings of labels seen before, the most recently used ones. Thread-safe.
 *
 * <p>Entries are keyed by the number of the text generation, so that nothing of its encoder's
 * bundle is kept alive; those of a generation that left fall out as others come.
 */
final class LabelCache {
  private static final int MAX_LABELS = 10_000;

  private record Key(long generation, PromptTemplates templates, String label) {}

  // Guarded by itself.
  private final Map<Key, Embedding> embeddings = new LinkedHashMap<>(16, 0.75f, true);

  /** The view of one classification: what it has put in stays there until it ends. */
  Scope of(Generation text, PromptTemplates templates) {
    return new Scope(text.number(), templates);
  }

  /** The labels of one text generation under one set of templates. One thread at a time. */
  final class Scope {
    private final long generation;
    private final PromptTemplates templates;
    private final Map<String, Embedding> own = new HashMap<>();

    private Scope(long generation, PromptTemplates templates) {
      this.generation = generation;
      this.templates = templates;
    }

    Optional<Embedding> find(String label) {
      Embedding mine = own.get(label);
      if (mine == null) {
        synchronized (embeddings) {
          mine = embeddings.get(new Key(generation, templates, label));
        }
        if (mine != null) {
          own.put(label, mine);
        }
      }
      return Optional.ofNullable(mine);
    }

    /**
     * @param share whether other classifications may use it
     */
    void put(String label, Embedding embedding, boolean share) {
      own.put(label, embedding);
      if (share) {
        synchronized (embeddings) {
          embeddings.put(new Key(generation, templates, label), embedding);
          while (embeddings.size() > MAX_LABELS) {
            embeddings.remove(embeddings.keySet().iterator().next());
          }
        }
      }
    }
  }
}
