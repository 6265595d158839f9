package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.IndexQuery.Counterpart;
import io.sensorium.api.space.Embedding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;

/**
 * Answers queries from one searcher. Thread-safe.
 *
 * <p>Vectors: candidates are found in the graphs by 8-bit distances, ranked again by the full
 * floats, and carry the cosine of the stored embedding. Words: BM25 over text and path, any word
 * may match. Both: {@link RankFusion} of the two lists. Ties go by id.
 */
final class IndexSearch {
  private static final int FEWEST_CANDIDATES = 150;
  private static final int FUSED_DEPTH = 100;

  private final Analyzer analyzer;
  private final int exactBelow;

  IndexSearch(Analyzer analyzer, int exactBelow) {
    this.analyzer = analyzer;
    this.exactBelow = exactBelow;
  }

  List<Hit> search(IndexSearcher searcher, IndexQuery query) throws IOException {
    Optional<Query> filter = DocumentMapping.filter(query);
    if (query.embedding().isEmpty()) {
      return ranked(matching(searcher, query.text().orElseThrow(), filter, query.top()));
    }
    if (query.text().isEmpty()) {
      return ranked(nearest(searcher, query, filter, query.top()));
    }
    int depth = Math.max(FUSED_DEPTH, query.top());
    List<Scored> near = nearest(searcher, query, filter, depth);
    List<Scored> matching =
        matching(searcher, query.text().get(), Optional.of(inSpaces(query, filter)), depth);
    List<Scored> fused = RankFusion.fuse(near, matching);
    return ranked(fused.subList(0, Math.min(query.top(), fused.size())));
  }

  /** A file that was indexed into two spaces has an entry in each, with the same words. */
  private static Query inSpaces(IndexQuery query, Optional<Query> filter) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    embeddings(query)
        .map(embedding -> DocumentMapping.vectorField(embedding.space()))
        .forEach(field -> any.add(new FieldExistsQuery(field), Occur.SHOULD));
    BooleanQuery.Builder both = new BooleanQuery.Builder();
    filter.ifPresent(condition -> both.add(condition, Occur.FILTER));
    return both.add(any.build(), Occur.FILTER).build();
  }

  private static Stream<Embedding> embeddings(IndexQuery query) {
    return Stream.concat(
        query.embedding().stream(), query.counterparts().stream().map(Counterpart::embedding));
  }

  /** The items of every version of the space, each by its own cosine on the query's scale. */
  private List<Scored> nearest(
      IndexSearcher searcher, IndexQuery query, Optional<Query> filter, int top)
      throws IOException {
    List<Scored> hits = nearest(searcher, query.embedding().orElseThrow(), filter, top);
    for (Counterpart counterpart : query.counterparts()) {
      // Each modality has a scale of its own, so its best are not known before they are scaled.
      for (Modality modality : modalities(searcher, query)) {
        Optional<Query> own = DocumentMapping.filter(query.among(Set.of(modality)));
        for (Scored hit : nearest(searcher, counterpart.embedding(), own, top)) {
          hits.add(new Scored(hit.entry(), counterpart.score(modality, hit.score())));
        }
      }
    }
    hits.sort(Scored.BEST_FIRST);
    return hits.subList(0, Math.min(top, hits.size()));
  }

  private static Set<Modality> modalities(IndexSearcher searcher, IndexQuery query)
      throws IOException {
    return query.modalities().isEmpty() ? SpaceListing.modalities(searcher) : query.modalities();
  }

  /** Documents with a vector in the embedding's space, by cosine. */
  private List<Scored> nearest(
      IndexSearcher searcher, Embedding embedding, Optional<Query> filter, int top)
      throws IOException {
    String field = DocumentMapping.vectorField(embedding.space());
    float[] target = DocumentMapping.unitComponents(embedding);
    int candidates = Math.max(FEWEST_CANDIDATES, 2 * top);
    ExactSearch exact = new ExactSearch(searcher, field, filter);
    List<ScoreDoc> documents =
        exact.isWorthwhile(Math.max(exactBelow, 4 * candidates))
            ? exact.nearest(target, top)
            : throughGraph(searcher, field, target, filter, candidates, top);
    List<Scored> hits = new ArrayList<>(documents.size());
    StoredFields stored = searcher.storedFields();
    for (ScoreDoc document : documents) {
      IndexEntry entry = DocumentMapping.entry(stored, document.doc);
      hits.add(new Scored(entry, embedding.cosine(entry.embedding())));
    }
    hits.sort(Scored.BEST_FIRST);
    return hits;
  }

  private static List<ScoreDoc> throughGraph(
      IndexSearcher searcher,
      String field,
      float[] target,
      Optional<Query> filter,
      int candidates,
      int top)
      throws IOException {
    Query knn = new KnnFloatVectorQuery(field, target, candidates, filter.orElse(null));
    Query rescored = RescoreTopNQuery.createFullPrecisionRescorerQuery(knn, target, field, top);
    return List.of(searcher.search(rescored, top).scoreDocs);
  }

  /** Documents with at least one of the words, by BM25. */
  private List<Scored> matching(
      IndexSearcher searcher, String text, Optional<Query> filter, int top) throws IOException {
    SequencedSet<String> words = Words.of(analyzer, text, IndexSearcher.getMaxClauseCount() / 2);
    if (words.isEmpty()) {
      return List.of();
    }
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    words.forEach(
        word -> any.add(new TermQuery(new Term(DocumentMapping.WORDS, word)), Occur.SHOULD));
    BooleanQuery.Builder query = new BooleanQuery.Builder().add(any.build(), Occur.MUST);
    filter.ifPresent(condition -> query.add(condition, Occur.FILTER));
    List<Scored> hits = new ArrayList<>();
    StoredFields stored = searcher.storedFields();
    for (ScoreDoc document : searcher.search(query.build(), top).scoreDocs) {
      hits.add(new Scored(DocumentMapping.entry(stored, document.doc), document.score));
    }
    hits.sort(Scored.BEST_FIRST);
    return hits;
  }

  private static List<Hit> ranked(List<Scored> scored) {
    List<Hit> hits = new ArrayList<>(scored.size());
    for (Scored one : scored) {
      hits.add(new Hit(hits.size() + 1, one.score(), one.entry()));
    }
    return hits;
  }

  /** An item and how good it is. */
  record Scored(IndexEntry entry, double score) {
    static final Comparator<Scored> BEST_FIRST =
        Comparator.comparingDouble(Scored::score)
            .reversed()
            .thenComparing(scored -> scored.entry().id());
  }
}
