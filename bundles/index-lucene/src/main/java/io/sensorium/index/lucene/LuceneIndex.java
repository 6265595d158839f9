package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryReporter;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A media index in one folder: {@code lucene/} holds documents and vectors, {@code log/} the
 * changes that Lucene has not committed. Thread-safe.
 *
 * <p>One thread writes. Calls that arrive while it works share its next forced write, so that the
 * cost of making a change durable is shared by those who wait for it.
 */
public final class LuceneIndex implements MediaIndex, MemoryReporter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LuceneIndex.class);
  private static final int LARGEST_ENTRY_BYTES = 64 << 20;
  private static final long TICK_MILLIS = 100;

  private final Directory directory;
  private final Analyzer analyzer;
  private final IndexStore store;
  private final IndexSearch search;
  private final ChangeQueue queue;
  private final Map<String, Integer> dimensions;
  private final String arithmetic = VectorArithmetic.implementation();
  private final Thread writer;
  private final ExecutorService acknowledgements = executor("sensorium-index-acknowledgements");
  private final ScheduledExecutorService refreshes;
  private final ScheduledFuture<?> refreshing;

  /**
   * Opens the index in a folder, creating it if need be, and replays its log.
   *
   * @throws StorageException if another process holds it or it is damaged
   * @throws io.sensorium.api.ResourceExhaustedException if the disk is full
   */
  public static LuceneIndex open(Path folder) {
    Directory directory = null;
    try {
      Path log = Files.createDirectories(folder.resolve("log"));
      Path lucene = Files.createDirectories(folder.resolve("lucene"));
      DiskLogFiles.forceFolder(folder);
      DiskLogFiles.forceFolder(folder.toAbsolutePath().getParent());
      directory = new MMapDirectory(lucene);
      return open(directory, new DiskLogFiles(log), IndexSettings.DEFAULT);
    } catch (IOException e) {
      IOUtils.closeWhileHandlingException(directory);
      throw new StorageException("the folder %s cannot be used: %s".formatted(folder, e), e);
    }
  }

  /** Opens an index over the given storage, which it closes in the end. */
  static LuceneIndex open(Directory directory, LogFiles files, IndexSettings settings) {
    Analyzer analyzer = new StandardAnalyzer();
    IndexStore store = null;
    try {
      store = IndexStore.open(directory, files, analyzer, settings);
      return new LuceneIndex(directory, analyzer, store, settings);
    } catch (RuntimeException | Error e) {
      IOUtils.closeWhileHandlingException(store, analyzer, directory);
      throw e;
    }
  }

  private LuceneIndex(
      Directory directory, Analyzer analyzer, IndexStore store, IndexSettings settings) {
    this.directory = directory;
    this.analyzer = analyzer;
    this.store = store;
    this.search = new IndexSearch(analyzer, settings.exactBelow());
    this.queue = new ChangeQueue(settings.queueBytes());
    this.dimensions = new ConcurrentHashMap<>(store.read(LuceneDocuments::dimensions));
    this.writer = Thread.ofPlatform().daemon().name("sensorium-index-writer").start(this::write);
    this.refreshes =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sensorium-index-refresh").factory());
    long millis = settings.refreshInterval().toMillis();
    this.refreshing =
        refreshes.scheduleWithFixedDelay(
            this::refreshIfNeeded, millis, millis, TimeUnit.MILLISECONDS);
    LOG.info("distances are computed by {}", arithmetic);
  }

  private static ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  /**
   * {@inheritDoc}
   *
   * <p>A replaced item is found by {@link #find} once the future completes. Calls that are made
   * while many bytes wait for the log fail with {@link
   * io.sensorium.api.ResourceExhaustedException}; one call of any size is taken when none waits.
   *
   * @throws IllegalArgumentException if an item's dimension is not its space's or is over 4,096,
   *     its id is not well-formed Unicode, or it takes more than 64 MiB; then nothing is stored
   */
  @Override
  public CompletableFuture<Void> put(List<IndexEntry> entries) {
    List<Change> changes = entries.stream().map(this::checkedPut).toList();
    changes.forEach(change -> pinDimension(change.entry().orElseThrow().embedding()));
    return submit(changes);
  }

  private Change checkedPut(IndexEntry entry) {
    requireWellFormed(entry.id());
    requireDimension(entry.embedding());
    Change change = Change.put(entry);
    if (change.loggedBytes() > LARGEST_ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "an item takes at most %d bytes; '%s' takes %d"
              .formatted(LARGEST_ENTRY_BYTES, entry.id(), change.loggedBytes()));
    }
    return change;
  }

  private static void requireWellFormed(String id) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
      throw new IllegalArgumentException("an id must be well-formed Unicode; got '" + id + "'");
    }
  }

  private void requireDimension(Embedding embedding) {
    Integer expected = dimensions.get(DocumentMapping.vectorField(embedding.space()));
    if (expected != null && expected != embedding.dimension()) {
      throw new IllegalArgumentException(
          "vectors of %s have %d components; got %d"
              .formatted(embedding.space(), expected, embedding.dimension()));
    }
    if (embedding.dimension() > VectorCodec.MAXIMUM_DIMENSION) {
      throw new IllegalArgumentException(
          "vectors have at most %d components; got %d in %s"
              .formatted(VectorCodec.MAXIMUM_DIMENSION, embedding.dimension(), embedding.space()));
    }
  }

  /** The first vector of a space decides its dimension, even if two calls race. */
  private void pinDimension(Embedding embedding) {
    dimensions.putIfAbsent(DocumentMapping.vectorField(embedding.space()), embedding.dimension());
    requireDimension(embedding);
  }

  @Override
  public CompletableFuture<Void> delete(List<String> ids) {
    ids.forEach(LuceneIndex::requireWellFormed);
    return submit(ids.stream().map(Change::delete).toList());
  }

  private CompletableFuture<Void> submit(List<Change> changes) {
    if (changes.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    ChangeQueue.Call call = ChangeQueue.Call.of(changes);
    Optional<SensoriumException> refusal =
        store.trouble().map(Trouble::exception).or(() -> queue.offer(call));
    return refusal
        .<CompletableFuture<Void>>map(CompletableFuture::failedFuture)
        .orElse(call.answer());
  }

  private void write() {
    try {
      while (!queue.isDrained()) {
        List<ChangeQueue.Call> group = queue.take(TICK_MILLIS);
        if (!group.isEmpty()) {
          write(group);
        }
        store.tick();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the index's writer", e);
    }
  }

  private void write(List<ChangeQueue.Call> group) {
    Runnable answers;
    try {
      store.write(group.stream().flatMap(call -> call.changes().stream()).toList());
      answers = () -> group.forEach(call -> call.answer().complete(null));
    } catch (RuntimeException | Error e) {
      answers = () -> group.forEach(call -> call.answer().completeExceptionally(e));
    }
    acknowledgements.execute(answers);
  }

  private void refreshIfNeeded() {
    try {
      if (store.needsRefresh()) {
        store.refresh();
      }
    } catch (SensoriumException e) {
      LOG.debug("a refresh in the background failed; the next change reports it", e);
    }
  }

  @Override
  public Optional<IndexEntry> find(String id) {
    return store.read(documents -> documents.find(id));
  }

  @Override
  public List<String> ids(String prefix) {
    return store.read(
        documents -> documents.read(searcher -> IdListing.startingWith(searcher, prefix)));
  }

  @Override
  public List<String> ids(SpaceId space, Modality modality, String after, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a page needs at least one id; got " + most);
    }
    return store.read(
        documents ->
            documents.read(searcher -> SpaceListing.ids(searcher, space, modality, after, most)));
  }

  @Override
  public Set<SpaceId> spaces() {
    return store.read(documents -> documents.read(SpaceListing::spaces));
  }

  @Override
  public Map<Modality, Long> census(SpaceId space) {
    return store.read(
        documents -> documents.read(searcher -> SpaceListing.census(searcher, space)));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The score of a hybrid query is the sum of {@code 1 / (60 + rank)} over the ranking by cosine
   * and the ranking by BM25, each at least 100 deep. Items without length are found by words alone.
   * Hits of equal score are in the order of their ids.
   *
   * @throws IllegalArgumentException also if the embedding has no length
   */
  @Override
  public List<Hit> search(IndexQuery query) {
    query.embedding().ifPresent(this::requireDirection);
    query.counterparts().forEach(counterpart -> requireDirection(counterpart.embedding()));
    return store.read(documents -> documents.read(searcher -> search.search(searcher, query)));
  }

  private void requireDirection(Embedding embedding) {
    requireDimension(embedding);
    if (embedding.norm() == 0) {
      throw new IllegalArgumentException("a query's embedding needs a direction");
    }
  }

  @Override
  public void refresh() {
    store.refresh();
  }

  @Override
  public long size() {
    return store.read(LuceneDocuments::size);
  }

  /** The files that are mapped, which the system takes back as it likes, and buffered changes. */
  @Override
  public List<MemoryHolding> holdings() {
    long buffered = store.read(LuceneDocuments::bufferedBytes);
    return List.of(
        MemoryHolding.reported("index (mapped files)", MemoryKind.INDEX, fileBytes()),
        MemoryHolding.reported("index (changes on the heap)", MemoryKind.INDEX, buffered));
  }

  private long fileBytes() {
    long bytes = 0;
    try {
      for (String file : directory.listAll()) {
        bytes += length(file);
      }
    } catch (IOException e) {
      LOG.debug("the index's files cannot be counted", e);
    }
    return bytes;
  }

  private long length(String file) throws IOException {
    try {
      return directory.fileLength(file);
    } catch (NoSuchFileException e) {
      // A merge has just deleted it.
      return 0;
    }
  }

  @Override
  public IndexHealth health() {
    String problem =
        queue.isClosed()
            ? "the index was closed"
            : store.trouble().map(Trouble::message).orElse("");
    return new IndexHealth(
        problem.isEmpty(), problem, VectorArithmetic.isVectorised(arithmetic), arithmetic);
  }

  /** Finishes what was taken in, commits and lets go of the folder. Idempotent. */
  @Override
  public void close() {
    queue.close();
    refreshing.cancel(false);
    refreshes.shutdown();
    try {
      writer.join();
      refreshes.awaitTermination(1, TimeUnit.MINUTES);
      acknowledgements.shutdown();
      acknowledgements.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
    IOUtils.closeWhileHandlingException(analyzer, directory);
  }
}
