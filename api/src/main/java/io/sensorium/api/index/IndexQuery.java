package io.sensorium.api.index;

import io.sensorium.api.Modality;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * @param counterparts the same embedding in other versions of its space, each for the items of its
 *     own version; empty without an embedding
 */
public record IndexQuery(
    Optional<Embedding> embedding,
    Optional<String> text,
    Set<Modality> modalities,
    Map<String, String> where,
    int top,
    List<Counterpart> counterparts) {
  public IndexQuery {
    modalities = Set.copyOf(modalities);
    where = Map.copyOf(where);
    counterparts = List.copyOf(counterparts);
    if (embedding.isEmpty() && text.isEmpty()) {
      throw new IllegalArgumentException("a query needs an embedding or a text");
    }
    if (top < 1 || top > 10_000) {
      throw new IllegalArgumentException("top must be 1 to 10,000; got " + top);
    }
    for (Counterpart counterpart : counterparts) {
      requireOtherVersion(embedding, counterpart);
    }
  }

  private static void requireOtherVersion(Optional<Embedding> embedding, Counterpart counterpart) {
    SpaceId other = counterpart.embedding().space();
    boolean fits =
        embedding
            .map(Embedding::space)
            .filter(own -> own.name().equals(other.name()) && !own.equals(other))
            .isPresent();
    if (!fits) {
      throw new IllegalArgumentException(
          "a counterpart must be in another version of the query's space; got %s beside %s"
              .formatted(other, embedding.map(Embedding::space)));
    }
  }

  /** A query that stays within one version of a space. */
  public IndexQuery(
      Optional<Embedding> embedding,
      Optional<String> text,
      Set<Modality> modalities,
      Map<String, String> where,
      int top) {
    this(embedding, text, modalities, where, top, List.of());
  }

  /**
   * What is being looked for, as another version of the space sees it. Vectors of two versions are
   * never compared; the items of the other version take part with their own cosine, brought to the
   * scale of the query's version.
   *
   * @param embedding in the other version
   * @param scales for the items of a modality; {@link ScoreScale#IDENTITY} where there is none
   */
  public record Counterpart(Embedding embedding, Map<Modality, ScoreScale> scales) {
    public Counterpart {
      Objects.requireNonNull(embedding, "embedding");
      scales = Map.copyOf(scales);
    }

    /** An item's score on the scale of the query's version. */
    public double score(Modality modality, double cosine) {
      return scales.getOrDefault(modality, ScoreScale.IDENTITY).of(cosine);
    }
  }

  /** The items nearest to an embedding. */
  public static IndexQuery nearest(Embedding embedding, int top) {
    return new IndexQuery(Optional.of(embedding), Optional.empty(), Set.of(), Map.of(), top);
  }

  /** The same query among items of the given modalities. */
  public IndexQuery among(Set<Modality> wanted) {
    return new IndexQuery(embedding, text, wanted, where, top, counterparts);
  }

  /** The same query with metadata that must be equal. */
  public IndexQuery having(Map<String, String> required) {
    return new IndexQuery(embedding, text, modalities, required, top, counterparts);
  }

  /** The same query with words that count as well. */
  public IndexQuery withText(String words) {
    return new IndexQuery(embedding, Optional.of(words), modalities, where, top, counterparts);
  }

  /** The same query among the items of another version of the space as well. */
  public IndexQuery beside(Counterpart counterpart) {
    List<Counterpart> more = new ArrayList<>(counterparts);
    more.add(counterpart);
    return new IndexQuery(embedding, text, modalities, where, top, more);
  }
}
