package io.sensorium.host.ingest;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Embeds an item of the index again, from its file or, where a text has none, from its words.
 * Thread-safe.
 */
public final class EntryRenewal {
  private final Ingester.Services services;
  private final FileEntries entries;
  private final PatientEmbedder embedder;

  /**
   * @param whole the work that the items belong to
   */
  public EntryRenewal(Ingester.Services services, RequestContext whole) {
    this.services = services;
    this.entries = new FileEntries(services.embeddings(), services.decoder(), services.limits());
    this.embedder = new PatientEmbedder(services.embeddings(), services.requestTimeout(), whole);
  }

  /**
   * The item in another version of its space.
   *
   * @throws RequestCancelledException once the work was cancelled
   */
  public Renewal renew(IndexEntry old, SpaceId target) {
    try {
      Optional<Path> file = file(old);
      if (file.isEmpty()) {
        return fromWords(old, target);
      }
      return Files.notExists(file.get()) ? missing(file.get()) : fromFile(old, file.get(), target);
    } catch (RequestCancelledException e) {
      throw e;
    } catch (SensoriumException | IllegalArgumentException e) {
      return new Renewal.Kept(Problems.line(e));
    } catch (IOException e) {
      return new Renewal.Kept("cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      // A sense that somebody plugged in may throw anything; that costs this item alone.
      return new Renewal.Kept(e.toString());
    }
  }

  private static Optional<Path> file(IndexEntry entry) {
    try {
      return Optional.of(Path.of(entry.path())).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** A whole folder that is missing may lie on a disk that is not there at the moment. */
  private static Renewal missing(Path file) {
    return Files.isDirectory(file.getParent())
        ? new Renewal.Gone()
        : new Renewal.Kept("its folder is not there: " + file.getParent());
  }

  private Renewal fromFile(IndexEntry old, Path file, SpaceId target) throws IOException {
    FileFacts facts = FileFacts.of(file);
    MediaInput input = MediaInput.read(file, services.limits().maximumBytes());
    Modality modality = old.modality();
    String model = entries.model(modality, target).orElse("");
    Embedding embedding = embed(EncodeRequest.of(modality, input), target);
    IndexEntry renewed = entries.entry(old.id(), facts, input, modality, embedding, model);
    return new Renewal.Renewed(
        renewed.contentHash().equals(old.contentHash()) ? renewed : doubtful(renewed));
  }

  /** What has changed may be of another modality now: the next indexing reads it again. */
  private static IndexEntry doubtful(IndexEntry entry) {
    Map<String, String> facts = new HashMap<>(entry.metadata());
    facts.remove("indexed");
    return with(entry, entry.embedding(), facts);
  }

  private Renewal fromWords(IndexEntry old, SpaceId target) {
    if (!old.modality().equals(Modality.TEXT) || old.text().isBlank()) {
      return new Renewal.Kept("it has no file that could be read again");
    }
    Map<String, String> facts = new HashMap<>(old.metadata());
    entries.model(Modality.TEXT, target).ifPresent(model -> facts.put("model", model));
    return new Renewal.Renewed(with(old, embed(EncodeRequest.text(old.text()), target), facts));
  }

  private Embedding embed(EncodeRequest request, SpaceId target) {
    return embedder.embed(request.in(target.toString()));
  }

  private static IndexEntry with(
      IndexEntry entry, Embedding embedding, Map<String, String> metadata) {
    return new IndexEntry(
        entry.id(),
        entry.modality(),
        entry.path(),
        entry.contentHash(),
        embedding,
        entry.text(),
        metadata);
  }
}
