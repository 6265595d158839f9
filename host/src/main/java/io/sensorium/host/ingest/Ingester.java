package io.sensorium.host.ingest;

import io.sensorium.api.RequestContext;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the index know the files below some folders. Thread-safe; every run stands alone.
 *
 * <p>A file is read again when its size or time stamp says that it has changed, and embedded again
 * when its SHA-256 or the model's version has. What was stored before an interruption is therefore
 * skipped by the next run.
 */
public final class Ingester {
  private static final int DELETE_GROUP = 1000;

  private final Services services;

  /**
   * What a run works with.
   *
   * @param decoder reads the content of text files for full-text search, where there is one
   * @param space the name of the space to embed into
   * @param ids what entries of that space are called
   * @param limits of each file
   * @param requestTimeout for each file
   * @param home left out of every walk
   */
  public record Services(
      EmbeddingService embeddings,
      MediaIndex index,
      Optional<MediaDecoder> decoder,
      String space,
      EntryIds ids,
      MediaLimits limits,
      Duration requestTimeout,
      Path home) {}

  public Ingester(Services services) {
    this.services = services;
  }

  /**
   * Indexes files and folders, and forgets files that are no longer there.
   *
   * @throws io.sensorium.api.StorageException if the index takes nothing any more; what it
   *     acknowledged stays
   * @throws io.sensorium.api.RequestCancelledException if the request was cancelled; what was
   *     finished stays
   */
  public IndexingReport index(List<Path> roots, IndexProgress progress, RequestContext context) {
    long startNanos = System.nanoTime();
    progress.update(new IndexProgress.State(0, 0, 0, Duration.ZERO));
    FolderWalk walk = FolderWalk.of(roots, services.home(), context);
    IngestRun run = new IngestRun(services, walk.files().size(), progress, context);
    IngestRun.Outcome outcome = run.embedAndStore(walk.files());
    List<IndexingReport.Unreadable> unreadable = new ArrayList<>(walk.unreadable());
    unreadable.addAll(outcome.unreadable());
    long removed = forget(roots, walk.files(), outcome.stale(), context);
    services.index().refresh();
    return new IndexingReport(
        outcome.indexed(),
        outcome.unchanged(),
        removed,
        unreadable,
        Duration.ofNanos(System.nanoTime() - startNanos));
  }

  /** A file that is gone is gone from every space, whichever one is being indexed into. */
  private long forget(
      List<Path> roots, Set<Path> present, Set<String> stale, RequestContext context) {
    context.check("looking for deleted files");
    services.index().refresh();
    Set<String> gone = new HashSet<>(stale);
    List<EntryIds> spaces = EntryIds.ofAll(services.index().spaces());
    for (Path given : roots) {
      Path root = given.toAbsolutePath().normalize();
      if (Files.isDirectory(root)) {
        spaces.forEach(ids -> gone.addAll(goneBelow(root, ids, present)));
      }
    }
    List<String> ids = List.copyOf(gone);
    for (int from = 0; from < ids.size(); from += DELETE_GROUP) {
      List<String> group = ids.subList(from, Math.min(ids.size(), from + DELETE_GROUP));
      EntryWriter.await(services.index().delete(group));
    }
    return ids.size();
  }

  private List<String> goneBelow(Path root, EntryIds ids, Set<Path> present) {
    return services.index().ids(ids.below(root)).stream()
        .filter(
            id -> {
              Path file = ids.file(id);
              // A file that is not seen for lack of permission may still be there.
              return !present.contains(file) && Files.notExists(file);
            })
        .toList();
  }
}
