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
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport.Unreadable;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
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
  /** Who answers, best first: without a ready encoder the first file waits for the next of them. */
  private static final List<EncoderStatus.State> ANSWERING =
      List.of(EncoderStatus.State.READY, EncoderStatus.State.STARTING, EncoderStatus.State.IDLE);

  private static final int FILES_IN_FLIGHT = 32;
  private static final int KIBIBYTES_IN_FLIGHT = 256 * 1024;
  private static final int LONGEST_TEXT = 64 * 1024;

  private final Ingester.Services services;
  private final RequestContext context;
  private final ProgressMeter meter;
  private final EntryWriter writer;
  private final PatientEmbedder embedder;
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
    String model = currentModel(modality).orElse("");
    Embedding embedding = embedder.embed(EncodeRequest.of(modality, input).in(services.space()));
    String text = (facts.nameWords() + "\n" + content(modality, input)).strip();
    write(
        new IndexEntry(
            services.ids().of(facts.path()),
            modality,
            facts.path().toString(),
            hash,
            embedding,
            text,
            facts.metadata(model)));
    indexed.incrementAndGet();
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

  private boolean isOfCurrentModel(IndexEntry stored) {
    String model = stored.metadata().getOrDefault("model", "");
    return currentModel(stored.modality()).map(model::equals).orElse(true)
        && stored.embedding().space().name().equals(services.space());
  }

  /** The model, with its version, that answers for a modality now. */
  private Optional<String> currentModel(Modality modality) {
    return services.embeddings().encoders().stream()
        .filter(encoder -> encoder.modality().equals(modality))
        .filter(encoder -> encoder.space().name().equals(services.space()))
        .filter(encoder -> ANSWERING.contains(encoder.state()))
        .min(Comparator.comparingInt(encoder -> ANSWERING.indexOf(encoder.state())))
        .map(encoder -> encoder.model() + "@" + encoder.modelVersion());
  }

  private String content(Modality modality, MediaInput input) {
    if (!modality.equals(Modality.TEXT) || services.decoder().isEmpty()) {
      return "";
    }
    String text = services.decoder().get().decodeText(input, services.limits());
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
