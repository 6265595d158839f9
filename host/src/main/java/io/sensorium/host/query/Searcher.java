package io.sensorium.host.query;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.IndexQuery.Counterpart;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.SearchRequest.Term;
import io.sensorium.host.reembedding.ScoreSamples;
import io.sensorium.host.spaces.SpaceVersions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Answers search requests: the sum of the terms' unit vectors, brought back to unit length, is what
 * the index looks for. Thread-safe.
 *
 * <p>Terms weigh the same whatever their modality. Modalities sit apart in a contrastive space
 * (Liang et al. 2022, "Mind the Gap"); a sum of one vector a modality lies between them, which
 * keeps neither modality's items ahead of the other's.
 *
 * <p>While a space changes its version, the request is embedded in every version that has items, or
 * may get some at any moment, and each version answers for its own items; see {@link ScoreSamples}
 * for how their scores come together. A version whose encoders are just leaving is left out.
 */
public final class Searcher {
  private final EmbeddingService embeddings;
  private final MediaIndex index;
  private final String defaultSpace;
  private final ScoreSamples samples;

  /**
   * @param defaultSpace of terms that name none
   * @param samples how scores of different versions compare
   */
  public Searcher(
      EmbeddingService embeddings, MediaIndex index, String defaultSpace, ScoreSamples samples) {
    this.embeddings = embeddings;
    this.index = index;
    this.defaultSpace = defaultSpace;
    this.samples = samples;
  }

  /**
   * The best items, best first.
   *
   * @throws IllegalArgumentException if the terms cancel each other out
   */
  public List<Hit> search(SearchRequest request, RequestContext context) {
    List<Embedding> targets = targets(request.terms(), context);
    Embedding newest = targets.getFirst();
    IndexQuery query =
        IndexQuery.nearest(newest, request.top()).among(request.among()).having(request.where());
    for (Embedding older : targets.subList(1, targets.size())) {
      query = query.beside(new Counterpart(older, samples.scales(older, newest)));
    }
    Optional<String> words = request.hybrid() ? words(request.terms()) : Optional.empty();
    context.check("searching the index");
    return index.search(words.isPresent() ? query.withText(words.get()) : query);
  }

  /** What is looked for in each version, the newest first; at least one. */
  private List<Embedding> targets(List<Term> terms, RequestContext context) {
    List<SpaceId> versions = versions(terms);
    if (versions.isEmpty()) {
      return List.of(sum(terms, embed(terms, Optional.empty(), context)));
    }
    List<List<CompletableFuture<Embedding>>> pending =
        versions.stream()
            .map(version -> embed(terms, Optional.of(version.toString()), context))
            .toList();
    List<Embedding> targets = new ArrayList<>();
    ServiceGoneException gone = null;
    for (List<CompletableFuture<Embedding>> vectors : pending) {
      try {
        targets.add(sum(terms, vectors));
      } catch (ServiceGoneException e) {
        gone = e;
      }
    }
    if (targets.isEmpty()) {
      throw gone;
    }
    return targets;
  }

  /** The versions to ask, the newest first; empty if the terms go where they say. */
  private List<SpaceId> versions(List<Term> terms) {
    Set<String> spaces = new HashSet<>();
    Set<Modality> asked = new HashSet<>();
    for (Term term : terms) {
      spaces.add(term.item().space().orElse(defaultSpace));
      asked.add(term.item().modality());
    }
    if (spaces.size() > 1) {
      return List.of();
    }
    SpaceVersions versions = SpaceVersions.of(spaces.iterator().next(), embeddings, index);
    return versions.isSingle() ? List.of() : versions.searched(asked);
  }

  private List<CompletableFuture<Embedding>> embed(
      List<Term> terms, Optional<String> version, RequestContext context) {
    return terms.stream()
        .map(Term::item)
        .map(item -> version.map(item::in).orElse(item))
        .map(item -> embeddings.embedAsync(item, context))
        .toList();
  }

  private static Embedding sum(List<Term> terms, List<CompletableFuture<Embedding>> vectors) {
    Embedding sum = null;
    for (int i = 0; i < terms.size(); i++) {
      Embedding vector = Embedder.await(vectors.get(i));
      double weight = terms.get(i).weight();
      sum = sum == null ? vector.plus(vector, weight - 1) : sum.plus(vector, weight);
    }
    if (sum.norm() < 1e-6) {
      throw new IllegalArgumentException("the terms of the search cancel each other out");
    }
    return sum.normalized();
  }

  private static Optional<String> words(List<Term> terms) {
    String words =
        terms.stream()
            .filter(term -> term.weight() > 0 && term.item().modality().equals(Modality.TEXT))
            .map(term -> StandardCharsets.UTF_8.decode(term.item().input().bytes()).toString())
            .collect(Collectors.joining(" "));
    return words.isBlank() ? Optional.empty() : Optional.of(words);
  }
}
