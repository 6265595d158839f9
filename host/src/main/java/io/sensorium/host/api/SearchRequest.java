package io.sensorium.host.api;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What to look for, put together from items of any modality. Immutable.
 *
 * <pre>{@code
 * SearchRequest.text("small bells").minus(EncodeRequest.text("red")).among(Modality.IMAGE).top(5)
 * }</pre>
 *
 * @param terms at least one, and at least one with a positive weight
 * @param hybrid whether the words of positive text terms count as well as their meaning
 * @param among only items of these modalities; empty for all
 * @param where metadata that must be equal
 * @param top how many hits, 1 to 10,000
 */
public record SearchRequest(
    List<Term> terms, boolean hybrid, Set<Modality> among, Map<String, String> where, int top) {

  public SearchRequest {
    terms = List.copyOf(terms);
    among = Set.copyOf(among);
    where = Map.copyOf(where);
    if (terms.stream().noneMatch(term -> term.weight() > 0)) {
      throw new IllegalArgumentException("a search needs something to look for");
    }
    if (top < 1 || top > 10_000) {
      throw new IllegalArgumentException("top must be 1 to 10,000; got " + top);
    }
  }

  /**
   * One summand of the query's vector.
   *
   * @param item embedded to a unit vector
   * @param weight what that vector is multiplied by; negative takes away
   */
  public record Term(EncodeRequest item, double weight) {
    public Term {
      Objects.requireNonNull(item, "item");
      if (!Double.isFinite(weight) || weight == 0) {
        throw new IllegalArgumentException("a term's weight must be a number but 0; got " + weight);
      }
    }
  }

  /** The ten items nearest to a sentence. */
  public static SearchRequest text(String text) {
    return of(EncodeRequest.text(text));
  }

  /** The ten items nearest to an item. */
  public static SearchRequest of(EncodeRequest item) {
    return new SearchRequest(List.of(new Term(item, 1)), false, Set.of(), Map.of(), 10);
  }

  /** The same query plus another item, equally weighted. */
  public SearchRequest plus(EncodeRequest item) {
    return with(new Term(item, 1));
  }

  /** The same query with an item taken away. */
  public SearchRequest minus(EncodeRequest item) {
    return with(new Term(item, -1));
  }

  /** The same query with one more term. */
  public SearchRequest with(Term term) {
    List<Term> more = new ArrayList<>(terms);
    more.add(term);
    return new SearchRequest(more, hybrid, among, where, top);
  }

  /** The same query, in which words count as well. */
  public SearchRequest byWordsToo() {
    return new SearchRequest(terms, true, among, where, top);
  }

  /** The same query among items of the given modalities. */
  public SearchRequest among(Modality... modalities) {
    return new SearchRequest(terms, hybrid, Set.of(modalities), where, top);
  }

  /** The same query with metadata that must be equal. */
  public SearchRequest having(Map<String, String> metadata) {
    return new SearchRequest(terms, hybrid, among, metadata, top);
  }

  /** The same query for so many hits. */
  public SearchRequest top(int hits) {
    return new SearchRequest(terms, hybrid, among, where, hits);
  }
}
