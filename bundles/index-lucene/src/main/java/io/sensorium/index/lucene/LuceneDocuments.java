package io.sensorium.index.lucene;

import io.sensorium.api.index.IndexEntry;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;

/**
 * Lucene's part of the index: what the last commit held and what was applied since. After a failed
 * write it can only be read and closed; another one over the same directory starts from the last
 * commit.
 *
 * <p>Thread-safe, but for {@link #apply} and {@link #commit}, which want one thread.
 */
final class LuceneDocuments implements Closeable {
  private static final String FIRST_LOG_FILE = "sensorium.firstLogFile";

  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final PendingChanges pending = new PendingChanges();
  private final ReentrantLock refreshing = new ReentrantLock();
  private final Map<String, String> lastCommit;

  /** What is done with a searcher that is lent. */
  @FunctionalInterface
  interface Reading<T> {
    T read(IndexSearcher searcher) throws IOException;
  }

  /**
   * Opens the last commit and checks every file's checksum.
   *
   * @param mergeFailures told when a merge in the background fails
   */
  static LuceneDocuments open(
      Directory directory, Analyzer analyzer, Consumer<Throwable> mergeFailures)
      throws IOException {
    IndexWriterConfig config =
        new IndexWriterConfig(analyzer)
            .setOpenMode(IndexWriterConfig.OpenMode.CREATE_OR_APPEND)
            .setCommitOnClose(false)
            .setCodec(new VectorCodec())
            .setMaxBufferedDocs(VectorCodec.DOCUMENTS_WITHOUT_GRAPH)
            .setRAMBufferSizeMB(64)
            .setMergeScheduler(new ReportingMergeScheduler(mergeFailures))
            .setMaxFullFlushMergeWaitMillis(0);
    IndexWriter writer = new IndexWriter(directory, config);
    try {
      return new LuceneDocuments(writer);
    } catch (IOException | RuntimeException | Error e) {
      rollback(writer, e);
      throw e;
    }
  }

  private LuceneDocuments(IndexWriter writer) throws IOException {
    this.writer = writer;
    this.lastCommit = liveCommitData(writer);
    this.searchers = new SearcherManager(writer, null);
    try {
      read(LuceneDocuments::checkIntegrity);
    } catch (IOException | RuntimeException | Error e) {
      searchers.close();
      throw e;
    }
  }

  private static Map<String, String> liveCommitData(IndexWriter writer) {
    Map<String, String> data = new HashMap<>();
    Iterable<Map.Entry<String, String>> live = writer.getLiveCommitData();
    if (live != null) {
      live.forEach(pair -> data.put(pair.getKey(), pair.getValue()));
    }
    return data;
  }

  private static Void checkIntegrity(IndexSearcher searcher) throws IOException {
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      leaf.reader().checkIntegrity();
    }
    return null;
  }

  /** The number of the oldest log file that the last commit does not hold; empty without one. */
  Optional<Long> firstLogFile() {
    return Optional.ofNullable(lastCommit.get(FIRST_LOG_FILE)).map(Long::valueOf);
  }

  /** The dimension of every vector field there is. */
  Map<String, Integer> dimensions() throws IOException {
    return read(
        searcher -> {
          Map<String, Integer> dimensions = new HashMap<>();
          for (FieldInfo field : FieldInfos.getMergedFieldInfos(searcher.getIndexReader())) {
            if (field.hasVectorValues()) {
              dimensions.put(field.name, field.getVectorDimension());
            }
          }
          return dimensions;
        });
  }

  /** What changes take of the heap that no segment holds yet. */
  long bufferedBytes() {
    return writer.ramBytesUsed();
  }

  /** Changes one item; {@link #find} sees it at once, searches after {@link #refresh}. */
  void apply(Change change) throws IOException {
    if (change.entry().isPresent()) {
      writer.updateDocument(
          DocumentMapping.idTerm(change.id()),
          DocumentMapping.document(change, change.entry().get()));
    } else {
      writer.deleteDocuments(DocumentMapping.idTerm(change.id()));
    }
    pending.add(change);
  }

  /** Makes everything applied searchable. */
  void refresh() throws IOException {
    refreshing.lock();
    try {
      pending.startRefresh();
      try {
        searchers.maybeRefreshBlocking();
      } catch (IOException | RuntimeException | Error e) {
        pending.abandonRefresh();
        throw e;
      }
      pending.endRefresh();
    } finally {
      refreshing.unlock();
    }
  }

  /** Answers whether searches miss a change, or work of a merge. */
  boolean needsRefresh() throws IOException {
    return !pending.isEmpty() || !read(LuceneDocuments::isCurrent);
  }

  private static boolean isCurrent(IndexSearcher searcher) throws IOException {
    return ((DirectoryReader) searcher.getIndexReader()).isCurrent();
  }

  /** Answers whether there are changes, or finished merges, that no commit holds. */
  boolean needsCommit() {
    return writer.hasUncommittedChanges();
  }

  /** Starts the merges that are due, for instance those that an earlier end cut short. */
  void startMerges() throws IOException {
    writer.maybeMerge();
  }

  /** Makes everything applied durable, and replay start with a log file. */
  void commit(long firstLogFile) throws IOException {
    writer.setLiveCommitData(Map.of(FIRST_LOG_FILE, Long.toString(firstLogFile)).entrySet());
    writer.commit();
  }

  Optional<IndexEntry> find(String id) throws IOException {
    Optional<Change> change = pending.find(id);
    return change.isPresent() ? change.get().entry() : read(searcher -> find(searcher, id));
  }

  private static Optional<IndexEntry> find(IndexSearcher searcher, String id) throws IOException {
    ScoreDoc[] found = searcher.search(new TermQuery(DocumentMapping.idTerm(id)), 1).scoreDocs;
    return found.length == 0
        ? Optional.empty()
        : Optional.of(DocumentMapping.entry(searcher.storedFields(), found[0].doc));
  }

  /** The number of items, those that searches do not see yet included. */
  long size() throws IOException {
    Map<String, Change> unseen = pending.snapshot();
    return read(
        searcher -> {
          long size = searcher.getIndexReader().numDocs();
          for (Change change : unseen.values()) {
            int now = change.entry().isPresent() ? 1 : 0;
            size += now - searcher.count(new TermQuery(DocumentMapping.idTerm(change.id())));
          }
          return size;
        });
  }

  /** Lends a searcher for one call. */
  <T> T read(Reading<T> reading) throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      return reading.read(searcher);
    } finally {
      searchers.release(searcher);
    }
  }

  /** Ends writing and throws away what was not committed; reading goes on. */
  void rollback() throws IOException {
    writer.rollback();
  }

  /** Ends reading and writing and throws away what was not committed. */
  @Override
  public void close() throws IOException {
    try {
      searchers.close();
    } finally {
      writer.rollback();
    }
  }

  private static void rollback(IndexWriter writer, Throwable cause) {
    try {
      writer.rollback();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
