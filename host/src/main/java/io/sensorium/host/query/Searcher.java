package io.sensorium.host.query;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.SearchRequest.Term;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Answers search requests: the sum of the terms' unit vectors, brought back to unit length, is what
 * the index looks for. Thread-safe.
 *
 * <p>Terms weigh the same whatever their modality. Modalities sit apart in a contrastive space
 * (Liang et al. 2022, "Mind the Gap"); a sum of one vector a modality lies between them, which
 * keeps neither modality's items ahead of the other's.
 */
public final class Searcher {
  private final EmbeddingService embeddings;
  private final MediaIndex index;

  public Searcher(EmbeddingService embeddings, MediaIndex index) {
    this.embeddings = embeddings;
    this.index = index;
  }

  /**
   * The best items, best first.
   *
   * @throws IllegalArgumentException if the terms cancel each other out
   */
  public List<Hit> search(SearchRequest request, RequestContext context) {
    Embedding target = target(request.terms(), context);
    IndexQuery query =
        IndexQuery.nearest(target, request.top()).among(request.among()).having(request.where());
    Optional<String> words = request.hybrid() ? words(request.terms()) : Optional.empty();
    context.check("searching the index");
    return index.search(words.map(query::withText).orElse(query));
  }

  private Embedding target(List<Term> terms, RequestContext context) {
    List<CompletableFuture<Embedding>> vectors =
        terms.stream().map(term -> embeddings.embedAsync(term.item(), context)).toList();
    Embedding sum = null;
    for (int i = 0; i < terms.size(); i++) {
      Embedding vector = join(vectors.get(i));
      double weight = terms.get(i).weight();
      sum = sum == null ? vector.plus(vector, weight - 1) : sum.plus(vector, weight);
    }
    if (sum.norm() < 1e-6) {
      throw new IllegalArgumentException("the terms of the search cancel each other out");
    }
    return sum.normalized();
  }

  private static Embedding join(CompletableFuture<Embedding> vector) {
    try {
      return vector.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
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
