package io.sensorium.host.ingest;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport.Unreadable;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.spaces.SpaceVersions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** One pass over a list of files: many in flight, bounded by number and by bytes. */
final class IngestRun {
  private static final int FILES_IN_FLIGHT = 32;
  private static final int KIBIBYTES_IN_FLIGHT = 256 * 1024;

  private final Ingester.Services services;
  private final RequestContext context;
  private final ProgressMeter meter;
  private final EntryWriter writer;
  private final PatientEmbedder embedder;
  private final FileEntries entries;
  private final Semaphore files = new Semaphore(FILES_IN_FLIGHT);
  private final Semaphore kibibytes = new Semaphore(KIBIBYTES_IN_FLIGHT);
  private final AtomicLong indexed = new AtomicLong();
  private final AtomicLong unchanged = new AtomicLong();
  private final Collection<Unreadable> unreadable = new ConcurrentLinkedQueue<>();
  private final Set<String> stale = ConcurrentHashMap.newKeySet();
  private final AtomicReference<RuntimeException> fatal = new AtomicReference<>();

  IngestRun(
      Ingester.Services services, long total, IndexProgress progress, RequestContext context) {
    this.services = services;
    this.context = context;
    this.meter = new ProgressMeter(total, progress);
    this.writer = new EntryWriter(services.index());
    this.embedder = new PatientEmbedder(services.embeddings(), services.requestTimeout(), context);
    this.entries = new FileEntries(services.embeddings(), services.decoder(), services.limits());
  }

  /**
   * What a pass came to.
   *
   * @param stale ids of entries whose files now hold something that cannot be embedded
   */
  record Outcome(long indexed, long unchanged, List<Unreadable> unreadable, Set<String> stale) {}

  Outcome embedAndStore(Set<Path> paths) {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Path path : paths) {
        files.acquireUninterruptibly();
        if (fatal.get() != null || context.isOver()) {
          files.release();
          break;
        }
        workers.execute(() -> work(path));
      }
    }
    if (fatal.get() != null) {
      throw fatal.get();
    }
    writer.finish();
    context.check("indexing the rest of the files");
    meter.finish();
    return new Outcome(indexed.get(), unchanged.get(), List.copyOf(unreadable), stale);
  }

  private void work(Path path) {
    try {
      index(FileFacts.of(path));
    } catch (IOException e) {
      unreadable.add(new Unreadable(path.toString(), "cannot be read: " + e.getMessage()));
    } catch (RequestCancelledException e) {
      fatal.compareAndSet(null, e);
    } catch (SensoriumException | IllegalArgumentException e) {
      unreadable.add(new Unreadable(path.toString(), Problems.line(e)));
    } catch (RuntimeException e) {
      // A sense that somebody plugged in may throw anything; that costs this file, not the run.
      unreadable.add(new Unreadable(path.toString(), e.toString()));
    } finally {
      meter.fileDone();
      files.release();
    }
  }

  private void index(FileFacts facts) {
    Optional<IndexEntry> stored = services.index().find(services.ids().of(facts.path()));
    if (stored.isPresent() && facts.isSurely(stored.get()) && isOfCurrentModel(stored.get())) {
      unchanged.incrementAndGet();
      return;
    }
    // Its length on disk may be a lie, but not a costly one: reading stops at the limit.
    int weight =
        (int) Math.clamp(facts.bytes() / 1024 + 1, 1L, services.limits().maximumBytes() / 1024 + 1);
    int share = Math.min(weight, KIBIBYTES_IN_FLIGHT);
    kibibytes.acquireUninterruptibly(share);
    try {
      store(facts, stored);
    } catch (UnsupportedInputException e) {
      stored.ifPresent(entry -> stale.add(entry.id()));
      throw e;
    } finally {
      kibibytes.release(share);
    }
  }

  private void store(FileFacts facts, Optional<IndexEntry> stored) {
    MediaInput input = MediaInput.read(facts.path(), services.limits().maximumBytes());
    Modality modality =
        services
            .embeddings()
            .modalityOf(input)
            .orElseThrow(
                () ->
                    new UnsupportedInputException(
                        input.size() == 0 ? "it is empty" : "no installed encoder reads it"));
    String hash = FileFacts.sha256(input.bytes());
    if (stored.isPresent()
        && stored.get().contentHash().equals(hash)
        && stored.get().modality().equals(modality)
        && isOfCurrentModel(stored.get())) {
      unchanged.incrementAndGet();
      return;
    }
    SpaceVersions versions = versions();
    Optional<SpaceId> target = versions.target(modality);
    // Asked before the item is embedded: a model that takes over meanwhile embeds it again.
    String model = target.flatMap(space -> entries.model(modality, space)).orElse("");
    // While there is one version, whatever answers for the space is right.
    String space =
        target
            .filter(version -> !versions.isSingle())
            .map(SpaceId::toString)
            .orElse(services.space());
    Embedding embedding = embedder.embed(EncodeRequest.of(modality, input).in(space));
    String id = services.ids().of(facts.path());
    write(entries.entry(id, facts, input, modality, embedding, model));
    indexed.incrementAndGet();
  }

  private SpaceVersions versions() {
    return SpaceVersions.of(services.space(), services.embeddings(), services.index());
  }

  /** An index that takes no more, on a full disk for instance, ends the run. */
  private void write(IndexEntry entry) {
    try {
      writer.add(entry);
    } catch (RuntimeException e) {
      fatal.compareAndSet(null, e);
      throw e;
    }
  }

  /**
   * What lives in an older version is left to the re-embedding, as long as it can be found there.
   */
  private boolean isOfCurrentModel(IndexEntry stored) {
    SpaceId home = stored.embedding().space();
    if (!home.name().equals(services.space())) {
      return false;
    }
    Modality modality = stored.modality();
    SpaceVersions versions = versions();
    boolean older = versions.target(modality).filter(target -> !target.equals(home)).isPresent();
    if (older) {
      return versions.answers(home, modality);
    }
    String model = stored.metadata().getOrDefault("model", "");
    return entries.model(modality, home).map(model::equals).orElse(true);
  }
}
