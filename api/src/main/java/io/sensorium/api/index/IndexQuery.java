package io.sensorium.api.index;

import io.sensorium.api.Modality;
import io.sensorium.api.space.Embedding;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to look for. Immutable. With both an embedding and a text the ranking is hybrid.
 *
 * @param embedding nearest by cosine, among items of the same space
 * @param text words for BM25
 * @param modalities only these; empty for all
 * @param where metadata that must be equal
 * @param top how many hits, 1 to 10,000
 */
public record IndexQuery(
    Optional<Embedding> embedding,
    Optional<String> text,
    Set<Modality> modalities,
    Map<String, String> where,
    int top) {
  public IndexQuery {
    modalities = Set.copyOf(modalities);
    where = Map.copyOf(where);
    if (embedding.isEmpty() && text.isEmpty()) {
      throw new IllegalArgumentException("a query needs an embedding or a text");
    }
    if (top < 1 || top > 10_000) {
      throw new IllegalArgumentException("top must be 1 to 10,000; got " + top);
    }
  }

  /** The items nearest to an embedding. */
  public static IndexQuery nearest(Embedding embedding, int top) {
    return new IndexQuery(Optional.of(embedding), Optional.empty(), Set.of(), Map.of(), top);
  }

  /** The same query among items of the given modalities. */
  public IndexQuery among(Set<Modality> wanted) {
    return new IndexQuery(embedding, text, wanted, where, top);
  }

  /** The same query with metadata that must be equal. */
  public IndexQuery having(Map<String, String> required) {
    return new IndexQuery(embedding, text, modalities, required, top);
  }

  /** The same query with words that count as well. */
  public IndexQuery withText(String words) {
    return new IndexQuery(embedding, Optional.of(words), modalities, where, top);
  }
}
