package io.sensorium.index.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;

/** Compares the full floats of every document that passes the filter. One thread at a time. */
final class ExactSearch {
  private static final Comparator<ScoreDoc> WORST_FIRST =
      Comparator.<ScoreDoc>comparingDouble(hit -> hit.score)
          .thenComparing(Comparator.<ScoreDoc>comparingInt(hit -> hit.doc).reversed());

  private final IndexSearcher searcher;
  private final String field;
  private final Optional<Query> filter;

  ExactSearch(IndexSearcher searcher, String field, Optional<Query> filter) {
    this.searcher = searcher;
    this.field = field;
    this.filter = filter;
  }

  /** Answers whether so few vectors are to be compared. */
  boolean isWorthwhile(int most) throws IOException {
    if (searcher.getIndexReader().maxDoc() <= most) {
      return true;
    }
    if (filter.isEmpty()) {
      return false;
    }
    Query candidates =
        new BooleanQuery.Builder()
            .add(filter.get(), Occur.FILTER)
            .add(new FieldExistsQuery(field), Occur.FILTER)
            .build();
    return searcher.count(candidates) <= most;
  }

  List<ScoreDoc> nearest(float[] target, int top) throws IOException {
    PriorityQueue<ScoreDoc> best = new PriorityQueue<>(WORST_FIRST);
    Weight weight =
        filter.isEmpty()
            ? null
            : searcher.createWeight(
                searcher.rewrite(filter.get()), ScoreMode.COMPLETE_NO_SCORES, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(field);
      Scorer passing = weight == null ? null : weight.scorer(leaf);
      if (vectors != null && vectors.size() > 0 && (weight == null || passing != null)) {
        collect(leaf, vectors.rescorer(target), passing, best, top);
      }
    }
    List<ScoreDoc> nearest = new ArrayList<>(best);
    nearest.sort(WORST_FIRST.reversed());
    return nearest;
  }

  private static void collect(
      LeafReaderContext leaf,
      VectorScorer vectors,
      Scorer passing,
      PriorityQueue<ScoreDoc> best,
      int top)
      throws IOException {
    Bits live = leaf.reader().getLiveDocs();
    DocIdSetIterator documents =
        passing == null
            ? vectors.iterator()
            : ConjunctionUtils.intersectIterators(List.of(passing.iterator(), vectors.iterator()));
    int document;
    while ((document = documents.nextDoc()) != DocIdSetIterator.NO_MORE_DOCS) {
      if (live == null || live.get(document)) {
        best.add(new ScoreDoc(leaf.docBase + document, vectors.score()));
        if (best.size() > top) {
          best.poll();
        }
      }
    }
  }
}
