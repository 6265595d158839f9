package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Fetches one content into the cache: goes on where it was dropped, and takes it for whole only
 * with the length and hash that the hub's listing told. One thread at a time.
 */
final class BlobDownload {
  private final HubTransport transport;
  private final HubPatience patience;
  private final HubReference reference;
  private final String commit;
  private final HubFile file;
  private final URI address;
  private final RequestContext context;

  /** The tag of the last answer; a range is only asked of the same content. */
  private Optional<String> tag = Optional.empty();

  private boolean rangesWork = true;

  /** Bytes that were had before and lost again are no progress. */
  private long farthest;

  BlobDownload(
      HubTransport transport,
      HubPatience patience,
      HubReference reference,
      String commit,
      HubFile file,
      URI address,
      RequestContext context) {
    this.transport = transport;
    this.patience = patience;
    this.reference = reference;
    this.commit = commit;
    this.file = file;
    this.address = address;
    this.context = context;
  }

  /**
   * Fetches, under the content's lock.
   *
   * @param progress hears how many bytes of the file there are
   * @throws HubException if it cannot be had or is not what the listing told; then nothing of it is
   *     left
   */
  void run(HubCache cache, LongConsumer progress) throws IOException {
    try (BlobWriter writer = BlobWriter.open(cache.partial(file), file)) {
      boolean resumed = writer.position() > 0;
      receive(writer, progress);
      if (!writer.matches()) {
        // What an earlier process left may have been damaged since: once more, from the start.
        writer.restart();
        if (resumed) {
          receive(writer, progress);
        }
        if (!resumed || !writer.matches()) {
          throw wrong("has another hash than the listing's " + file.blob());
        }
      }
      writer.force();
    } catch (HubException e) {
      if (!e.retriable()) {
        Files.deleteIfExists(cache.partial(file));
      }
      throw e;
    }
    cache.finish(file);
  }

  private void receive(BlobWriter writer, LongConsumer progress) {
    Retries retries = new Retries(patience, "fetching %s of %s".formatted(file.path(), reference));
    progress.accept(writer.position());
    while (!writer.isComplete()) {
      try (HubAnswer answer = transport.get(address, reference, headers(writer), context)) {
        check(answer);
        begin(answer, writer);
        copy(answer, writer, retries, progress);
      } catch (IOException e) {
        retries.afterFailure(e, context);
      }
    }
  }

  private Map<String, String> headers(BlobWriter writer) {
    if (writer.position() == 0) {
      return Map.of();
    }
    if (!rangesWork) {
      writer.restart();
      return Map.of();
    }
    String range = "bytes=" + writer.position() + "-";
    return tag.map(known -> Map.of("Range", range, "If-Range", known))
        .orElse(Map.of("Range", range));
  }

  /** The hub repeats the commit, hash and length on its way to the bytes. */
  private void check(HubAnswer answer) {
    require(answer, "x-repo-commit", commit);
    require(answer, "x-linked-size", Long.toString(file.bytes()));
    if (file.isLarge()) {
      require(answer, "x-linked-etag", file.blob());
    }
  }

  private void require(HubAnswer answer, String fact, String expected) {
    String told = answer.facts().getOrDefault(fact, expected).replaceAll("^(W/)?\"|\"$", "");
    if (!told.equals(expected)) {
      throw wrong("is not what was listed: %s is %s, not %s".formatted(fact, told, expected));
    }
  }

  /** Sets the writer to where the answer begins. */
  private void begin(HubAnswer answer, BlobWriter writer) throws IOException {
    tag = answer.strongTag();
    if (answer.headers().firstValue("content-encoding").isPresent()) {
      throw wrong("comes encoded, though that was not asked for");
    }
    switch (answer.status()) {
      case 200 -> {
        requireLength(answer.length());
        writer.restart();
      }
      case 206 -> {
        HubAnswer.Range range = answer.range().orElse(null);
        if (range == null || range.first() != writer.position()) {
          rangesWork = false;
          throw new TransientFailure(
              "%s answered another range than the one asked for"
                  .formatted(answer.address().getHost()));
        }
        requireLength(range.total());
      }
      default -> {
        rangesWork = false;
        throw new TransientFailure("%s has no such range".formatted(answer.address().getHost()));
      }
    }
  }

  private void requireLength(OptionalLong told) {
    if (told.isPresent() && told.getAsLong() != file.bytes()) {
      throw wrong(
          "should have %d bytes; the answer says %d".formatted(file.bytes(), told.getAsLong()));
    }
  }

  private void copy(HubAnswer answer, BlobWriter writer, Retries retries, LongConsumer progress)
      throws IOException {
    for (List<ByteBuffer> piece = answer.body().next();
        piece != null;
        piece = answer.body().next()) {
      for (ByteBuffer buffer : piece) {
        if (buffer.remaining() > file.bytes() - writer.position()) {
          throw wrong("is longer than the %d bytes that were listed".formatted(file.bytes()));
        }
        writer.append(buffer);
      }
      if (writer.position() > farthest) {
        farthest = writer.position();
        retries.progressed();
      }
      progress.accept(writer.position());
    }
    if (!writer.isComplete()) {
      throw new TransientFailure(
          "it ended after %d of %d bytes".formatted(writer.position(), file.bytes()));
    }
  }

  private HubException wrong(String why) {
    return HubException.refused(
        "%s of %s %s; nothing of it was kept".formatted(file.path(), reference, why));
  }
}
