package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import io.sensorium.api.StorageException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Brings models from the hub into the cache. Thread-safe, and safe beside other processes that use
 * the same cache.
 *
 * <p>Only what an import needs is fetched: texts, and the weights in one form. Every file is
 * checked against the hash that the hub lists for its commit before it appears under its name.
 */
public final class HubClient implements AutoCloseable {
  private final HubSettings settings;
  private final HubTransport transport;
  private final HubApi api;

  public HubClient(HubSettings settings) {
    this.settings = settings;
    this.transport = new HubTransport(settings);
    this.api = new HubApi(settings, transport);
  }

  /**
   * Finds out what a reference means. Fetches lists, no files.
   *
   * <p>Offline, or where the hub cannot be reached, the cache answers: for a branch or tag with the
   * commit that it meant when it was last fetched.
   *
   * @throws HubException if the hub refuses, or nobody knows the reference
   */
  public HubSnapshot look(HubReference reference, RequestContext context) {
    if (settings.offline()) {
      return cached(reference, "HF_HUB_OFFLINE is set")
          .orElseThrow(
              () ->
                  HubException.refused(
                      "%s is not in the cache %s, and HF_HUB_OFFLINE forbids to fetch it"
                          .formatted(reference, settings.cache())));
    }
    try {
      return asked(reference, context);
    } catch (HubException e) {
      if (!e.retriable()) {
        throw e;
      }
      return cached(reference, e.getMessage()).orElseThrow(() -> e);
    }
  }

  /**
   * Fetches what the cache lacks; goes on where an earlier attempt ended.
   *
   * @param progress hears how far it is, on the calling thread
   * @return the snapshot's folder, a checkpoint
   * @throws HubException if something cannot be had, or is not what the hub listed
   * @throws StorageException if the disk is full or cannot be written
   */
  public Path fetch(HubSnapshot snapshot, Consumer<HubProgress> progress, RequestContext context) {
    HubCache cache = cache(snapshot.reference());
    try {
      if (snapshot.notAsked().isEmpty()) {
        requireSpace(snapshot);
        fetchFiles(cache, snapshot, progress, context);
        cache.remember(snapshot.reference(), snapshot.commit());
      }
      return snapshot.folder();
    } catch (IOException e) {
      throw new StorageException("cannot write the cache %s: %s".formatted(settings.cache(), e), e);
    }
  }

  @Override
  public void close() {
    transport.close();
  }

  private HubSnapshot asked(HubReference reference, RequestContext context) {
    HubListing listing = api.list(reference, context);
    List<HubFile> files = FileSelection.choose(reference, listing.files(), settings.limits());
    HubCache cache = cache(reference);
    long missing = 0;
    try {
      for (HubFile file : files) {
        if (!cache.holds(listing.commit(), file) && !isWhole(cache.blob(file), file)) {
          missing += file.bytes() - lengthOf(cache.partial(file), file);
        }
      }
    } catch (IOException e) {
      throw new StorageException("cannot read the cache %s: %s".formatted(settings.cache(), e), e);
    }
    return new HubSnapshot(
        reference,
        listing.commit(),
        cache.snapshot(listing.commit()),
        listing.licence(),
        files,
        missing,
        Optional.empty());
  }

  private Optional<HubSnapshot> cached(HubReference reference, String why) {
    HubCache cache = cache(reference);
    return cache
        .commit(reference)
        .map(
            commit ->
                new HubSnapshot(
                    reference,
                    commit,
                    cache.snapshot(commit),
                    Optional.empty(),
                    List.of(),
                    0,
                    Optional.of(why)));
  }

  private void fetchFiles(
      HubCache cache, HubSnapshot snapshot, Consumer<HubProgress> progress, RequestContext context)
      throws IOException {
    long total = snapshot.files().stream().mapToLong(HubFile::bytes).sum();
    long before = 0;
    int done = 0;
    for (HubFile file : snapshot.files()) {
      long had = before;
      int files = done;
      if (!cache.holds(snapshot.commit(), file)) {
        fetchBlob(
            cache,
            snapshot,
            file,
            bytes ->
                progress.accept(
                    new HubProgress(
                        files, snapshot.files().size(), had + bytes, total, file.path())),
            context);
        cache.link(snapshot.commit(), file);
      }
      before += file.bytes();
      done++;
      progress.accept(new HubProgress(done, snapshot.files().size(), before, total, file.path()));
    }
  }

  private void fetchBlob(
      HubCache cache,
      HubSnapshot snapshot,
      HubFile file,
      LongConsumer progress,
      RequestContext context)
      throws IOException {
    try (BlobLock _ = cache.lock(file, context)) {
      // Another process may have fetched it while this one waited.
      if (!isWhole(cache.blob(file), file)) {
        Files.deleteIfExists(cache.blob(file));
        new BlobDownload(
                transport,
                settings.patience(),
                snapshot.reference(),
                snapshot.commit(),
                file,
                api.fileAddress(snapshot.reference(), snapshot.commit(), file),
                context)
            .run(cache, progress);
      }
    }
  }

  private static boolean isWhole(Path blob, HubFile file) throws IOException {
    return Files.isRegularFile(blob) && Files.size(blob) == file.bytes();
  }

  private static long lengthOf(Path partial, HubFile file) throws IOException {
    return Files.isRegularFile(partial) ? Math.min(Files.size(partial), file.bytes()) : 0;
  }

  private void requireSpace(HubSnapshot snapshot) throws IOException {
    Files.createDirectories(settings.cache());
    FileStore store = Files.getFileStore(settings.cache());
    if (snapshot.missingBytes() > store.getUsableSpace()) {
      throw new StorageException(
          "%s needs %d more bytes in %s; the disk has %d"
              .formatted(
                  snapshot.reference(),
                  snapshot.missingBytes(),
                  settings.cache(),
                  store.getUsableSpace()));
    }
  }

  private HubCache cache(HubReference reference) {
    return new HubCache(settings.cache(), reference.repository());
  }
}
