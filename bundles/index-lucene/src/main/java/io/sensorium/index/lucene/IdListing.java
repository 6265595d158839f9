package io.sensorium.index.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/** Lists the ids of live documents by walking the terms from a prefix on. */
final class IdListing {
  private IdListing() {}

  static List<String> startingWith(IndexSearcher searcher, String prefix) throws IOException {
    BytesRef start = new BytesRef(prefix);
    List<String> ids = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Terms terms = leaf.reader().terms(DocumentMapping.ID);
      if (terms != null) {
        collect(terms.iterator(), start, leaf.reader().getLiveDocs(), ids);
      }
    }
    Collections.sort(ids);
    return ids;
  }

  private static void collect(TermsEnum terms, BytesRef prefix, Bits live, List<String> ids)
      throws IOException {
    if (terms.seekCeil(prefix) == TermsEnum.SeekStatus.END) {
      return;
    }
    PostingsEnum postings = null;
    BytesRef term = terms.term();
    while (term != null && StringHelper.startsWith(term, prefix)) {
      postings = terms.postings(postings, PostingsEnum.NONE);
      if (anyLive(postings, live)) {
        ids.add(term.utf8ToString());
      }
      term = terms.next();
    }
  }

  private static boolean anyLive(PostingsEnum postings, Bits live) throws IOException {
    int document = postings.nextDoc();
    while (document != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(document)) {
      document = postings.nextDoc();
    }
    return document != DocIdSetIterator.NO_MORE_DOCS;
  }
}
