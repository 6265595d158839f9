package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;

/** Tells what lives in which version of which space. */
final class SpaceListing {
  private static final Comparator<Modality> BY_NAME = Comparator.comparing(Modality::name);

  private SpaceListing() {}

  /** The spaces of live documents. */
  static Set<SpaceId> spaces(IndexSearcher searcher) throws IOException {
    Set<SpaceId> spaces = new TreeSet<>(SpaceId.OLDEST_FIRST);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      for (FieldInfo field : leaf.reader().getFieldInfos()) {
        if (DocumentMapping.isVectorField(field.name) && anyLive(leaf, field.name)) {
          spaces.add(DocumentMapping.space(field.name));
        }
      }
    }
    return spaces;
  }

  private static boolean anyLive(LeafReaderContext leaf, String field) throws IOException {
    KnnVectorValues vectors = leaf.reader().getFloatVectorValues(field);
    if (vectors == null) {
      return false;
    }
    Bits live = leaf.reader().getLiveDocs();
    DocIdSetIterator documents = vectors.iterator();
    int document = documents.nextDoc();
    while (document != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(document)) {
      document = documents.nextDoc();
    }
    return document != DocIdSetIterator.NO_MORE_DOCS;
  }

  /** The live documents of a space, by modality; only modalities that have some. */
  static Map<Modality, Long> census(IndexSearcher searcher, SpaceId space) throws IOException {
    Map<Modality, Long> census = new TreeMap<>(BY_NAME);
    for (Modality modality : modalities(searcher)) {
      long count = searcher.count(members(space, modality));
      if (count > 0) {
        census.put(modality, count);
      }
    }
    return census;
  }

  /** Every modality that some document has, or had before it was deleted. */
  static Set<Modality> modalities(IndexSearcher searcher) throws IOException {
    Set<Modality> modalities = new TreeSet<>(BY_NAME);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Terms terms = leaf.reader().terms(DocumentMapping.MODALITY);
      if (terms != null) {
        TermsEnum each = terms.iterator();
        for (BytesRef term = each.next(); term != null; term = each.next()) {
          modalities.add(new Modality(term.utf8ToString()));
        }
      }
    }
    return modalities;
  }

  private static Query members(SpaceId space, Modality modality) {
    return new BooleanQuery.Builder()
        .add(DocumentMapping.modalityQuery(modality.name()), Occur.FILTER)
        .add(new FieldExistsQuery(DocumentMapping.vectorField(space)), Occur.FILTER)
        .build();
  }

  /** A page of ids, in the order of their UTF-8 bytes. */
  static List<String> ids(
      IndexSearcher searcher, SpaceId space, Modality modality, String after, int most)
      throws IOException {
    Query members = searcher.rewrite(members(space, modality));
    Weight weight = searcher.createWeight(members, ScoreMode.COMPLETE_NO_SCORES, 1);
    List<BytesRef> ids = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Terms terms = leaf.reader().terms(DocumentMapping.ID);
      Scorer scorer = weight.scorer(leaf);
      if (terms != null && scorer != null) {
        collect(terms.iterator(), live(leaf, scorer), new BytesRef(after), most, ids);
      }
    }
    return ids.stream().sorted().limit(most).map(BytesRef::utf8ToString).toList();
  }

  private static FixedBitSet live(LeafReaderContext leaf, Scorer scorer) throws IOException {
    Bits live = leaf.reader().getLiveDocs();
    FixedBitSet members = new FixedBitSet(leaf.reader().maxDoc());
    DocIdSetIterator documents = scorer.iterator();
    int document;
    while ((document = documents.nextDoc()) != DocIdSetIterator.NO_MORE_DOCS) {
      if (live == null || live.get(document)) {
        members.set(document);
      }
    }
    return members;
  }

  /** Every segment gives as many as may be on the page. */
  private static void collect(
      TermsEnum terms, FixedBitSet members, BytesRef after, int most, List<BytesRef> ids)
      throws IOException {
    int left = Math.min(most, members.cardinality());
    if (left == 0 || terms.seekCeil(after) == TermsEnum.SeekStatus.END) {
      return;
    }
    PostingsEnum postings = null;
    for (BytesRef term = terms.term(); term != null && left > 0; term = terms.next()) {
      postings = terms.postings(postings, PostingsEnum.NONE);
      if (!term.equals(after) && anyMember(postings, members)) {
        ids.add(BytesRef.deepCopyOf(term));
        left--;
      }
    }
  }

  private static boolean anyMember(PostingsEnum postings, FixedBitSet members) throws IOException {
    int document = postings.nextDoc();
    while (document != DocIdSetIterator.NO_MORE_DOCS && !members.get(document)) {
      document = postings.nextDoc();
    }
    return document != DocIdSetIterator.NO_MORE_DOCS;
  }
}
